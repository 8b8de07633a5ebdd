// What can be done to many tasks, in words, and the call that does it.
import type { Client } from '@urql/core';
import { describeFailure } from '../../connection/request-error.js';
import type { Json } from '../../graphql.js';
import type { NewAssignee } from '../task/assignment/assignee-options.js';
import type { Reply } from './bulk-run.js';
import { CompleteTasks, ReassignTasks, ReleaseTasks, SetTaskPriorities } from './bulk.query.js';
import { type ChosenTask, counted } from './selection.js';

export type BulkAction = 'decide' | 'assign' | 'release' | 'prioritize';

/** What is done to each. */
export type BulkOrder =
  | { readonly what: 'decide'; readonly answer: Json; readonly key: string }
  | { readonly what: 'assign'; readonly to: NewAssignee; readonly reason: string | null }
  | { readonly what: 'release'; readonly reason: string | null }
  | { readonly what: 'prioritize'; readonly priority: number; readonly reason: string | null };

const VERBS: Readonly<Record<BulkAction, string>> = {
  decide: 'Decide',
  assign: 'Assign',
  release: 'Release',
  prioritize: 'Set the priority of',
};

/** As on the button: `Release 12 tasks`. */
export function inWords(what: BulkAction, count: number): string {
  return `${VERBS[what]} ${counted(count)}`;
}

/** Never throws: what does not come back is a failure. */
export async function sendOrder(client: Client, order: BulkOrder, tasks: readonly ChosenTask[]): Promise<Reply> {
  const { data, error } = await called(client, order, tasks);
  if (data) return data.done;
  return { failure: error ? describeFailure(error).message : 'The server did not answer.' };
}

function called(client: Client, order: BulkOrder, tasks: readonly ChosenTask[]) {
  const items = tasks.map(({ id, version }) => ({ id, expectedVersion: version }));
  switch (order.what) {
    case 'decide':
      return client.mutation(CompleteTasks, { items, answer: order.answer, idempotencyKey: order.key }).toPromise();
    case 'assign':
      return client.mutation(ReassignTasks, { items, to: order.to, note: order.reason }).toPromise();
    case 'release':
      return client.mutation(ReleaseTasks, { items, reason: order.reason }).toPromise();
    case 'prioritize':
      return client.mutation(SetTaskPriorities, { items, priority: order.priority, reason: order.reason }).toPromise();
  }
}
