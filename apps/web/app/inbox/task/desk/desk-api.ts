// The desk's way to the server: each call answers with the task's present state and what was refused, whatever went wrong on the way.
import type { Client } from '@urql/core';
import { describeFailure } from '../../../connection/request-error.js';
import { CSRF_HEADERS } from '../../../connection/wire.js';
import type { Json } from '../../../graphql.js';
import type { Listing } from '../../inbox-filter.js';
import type { NewAssignee } from '../assignment/assignee-options.js';
import {
  CancelTask,
  ClaimTask,
  CompleteTask,
  ReassignTask,
  ReleaseTask,
  SaveTaskDraft,
  SkipTask,
  TakeOverTask,
  UndoDecision,
} from '../task.mutations.js';
import type { TaskError, TaskState } from '../task.query.js';

export interface DeskReply {
  readonly task: TaskState | null;
  readonly errors: readonly TaskError[];
  /** The call did not get through: a sentence. Whether it had an effect is unknown. */
  readonly failure?: string;
}

/** To be claimed with a decision or a skip; absent: none is wanted. */
export type WantedNext = Listing | undefined;

export interface CompletionReply extends DeskReply {
  readonly nextTask?: { readonly id: string; readonly subject: string } | null;
}

export interface Completion {
  readonly expectedVersion: number;
  readonly answer: Json;
  readonly idempotencyKey: string;
  readonly next: WantedNext;
}

export interface DeskApi {
  claim(isHeartbeat: boolean): Promise<DeskReply>;
  release(): Promise<DeskReply>;
  takeOver(expectedVersion: number, reason: string | null): Promise<DeskReply>;
  reassign(to: NewAssignee, note: string | null): Promise<DeskReply>;
  skip(reason: string, next: WantedNext): Promise<CompletionReply>;
  /** @param isLeaving the page may be gone before the answer comes */
  saveDraft(expectedDraftVersion: number, draft: Json, isLeaving: boolean): Promise<DeskReply>;
  complete(completion: Completion): Promise<CompletionReply>;
  undo(): Promise<DeskReply>;
  cancel(expectedVersion: number, reason: string | null): Promise<DeskReply>;
}

/**
 * @param client for what changes the lists
 * @param quiet for heartbeats and drafts
 */
export function deskApi(id: string, client: Client, quiet: Client): DeskApi {
  return {
    claim: async (isHeartbeat) => {
      const { data, error } = await (isHeartbeat ? quiet : client).mutation(ClaimTask, { id }).toPromise();
      return data?.claimTask ?? failed(error);
    },
    release: async () => {
      const { data, error } = await client.mutation(ReleaseTask, { id }).toPromise();
      return data?.releaseTask ?? failed(error);
    },
    takeOver: async (expectedVersion, reason) => {
      const { data, error } = await client.mutation(TakeOverTask, { id, expectedVersion, reason }).toPromise();
      return data?.takeOverTask ?? failed(error);
    },
    reassign: async (to, note) => {
      const { data, error } = await client.mutation(ReassignTask, { id, to, note }).toPromise();
      return data?.reassignTask ?? failed(error);
    },
    skip: async (reason, next) => {
      const { data, error } = await client.mutation(SkipTask, { id, reason, ...wish(next) }).toPromise();
      return data?.skipTask ?? failed(error);
    },
    saveDraft: async (expectedDraftVersion, draft, isLeaving) => {
      const context = isLeaving ? { fetchOptions: { headers: CSRF_HEADERS, keepalive: true } } : {};
      const { data, error } = await quiet.mutation(SaveTaskDraft, { id, expectedDraftVersion, draft }, context).toPromise();
      return data?.saveTaskDraft ?? failed(error);
    },
    complete: async ({ next, ...completion }) => {
      const { data, error } = await client.mutation(CompleteTask, { id, ...completion, ...wish(next) }).toPromise();
      return data?.completeTask ?? failed(error);
    },
    undo: async () => {
      const { data, error } = await client.mutation(UndoDecision, { id }).toPromise();
      return data?.undoDecision ?? failed(error);
    },
    cancel: async (expectedVersion, reason) => {
      const { data, error } = await client.mutation(CancelTask, { id, expectedVersion, reason }).toPromise();
      return data?.cancelTask ?? failed(error);
    },
  };
}

function wish(next: WantedNext) {
  return { claimNext: next !== undefined, ...next };
}

function failed(error: Parameters<typeof describeFailure>[0] | undefined): DeskReply {
  const failure = error ? describeFailure(error) : undefined;
  return { task: null, errors: [], failure: failure ? `${failure.title}. ${failure.message}` : 'The server sent no answer.' };
}
