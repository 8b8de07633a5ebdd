// Does one thing to the tasks that a person has confirmed, some at a time, and keeps what became of each. It can be stopped between two
// calls; what was not tried then is told as such. A call that fails leaves the outcome of its tasks open: they can be tried again.
import { inSentences } from '../../form/field-errors.js';
import type { Outcomes } from './bulk.query.js';
import type { ChosenTask } from './selection.js';

/** What the server takes at once. */
export const AT_ONCE = 100;

export interface Left {
  /** With the newest version that is known of it. */
  readonly task: ChosenTask;
  /** Why nothing became of it. */
  readonly reason: string;
}

export interface Progress {
  readonly done: readonly ChosenTask[];
  readonly left: readonly Left[];
}

/** What came of a call; `failure` when it did not come back. */
export type Reply = Outcomes | { readonly failure: string };

export interface BulkRun {
  readonly tasks: readonly ChosenTask[];
  readonly send: (tasks: readonly ChosenTask[]) => Promise<Reply>;
  readonly isStopped: () => boolean;
  readonly onProgress: (progress: Progress) => void;
}

/** Of one call. */
type Round = Progress & { readonly isFailure?: true };

const NOT_TRIED = 'Not tried: it was stopped before.';
const NOT_TRIED_AFTER = 'Not tried, after the call before had failed.';

export async function runBulk({ tasks, send, isStopped, onProgress }: BulkRun): Promise<Progress> {
  let progress: Progress = { done: [], left: [] };
  let hasFailed = false;
  for (let from = 0; from < tasks.length; from += AT_ONCE) {
    const some = tasks.slice(from, from + AT_ONCE);
    const skipped: string | undefined = isStopped() ? NOT_TRIED : hasFailed ? NOT_TRIED_AFTER : undefined;
    const next: Round = skipped === undefined ? outcomeOf(some, await send(some)) : all(some, skipped);
    hasFailed ||= next.isFailure === true;
    progress = { done: [...progress.done, ...next.done], left: [...progress.left, ...next.left] };
    onProgress(progress);
  }
  return progress;
}

function outcomeOf(tasks: readonly ChosenTask[], reply: Reply): Round {
  if ('failure' in reply) return { ...all(tasks, reply.failure), isFailure: true };
  if (reply.errors.length > 0) return all(tasks, inSentences(reply.errors));
  const byId = new Map(reply.tasks.map((outcome) => [outcome.id, outcome]));
  const done: ChosenTask[] = [];
  const left: Left[] = [];
  for (const task of tasks) {
    const outcome = byId.get(task.id);
    if (outcome?.task) done.push(task);
    else {
      const errors = outcome?.errors ?? [];
      const newer = errors.flatMap((error) => ('task' in error ? [error.task.version] : []))[0];
      const reason = inSentences(errors) || 'The server said nothing of it.';
      left.push({ task: newer === undefined ? task : { ...task, version: newer }, reason });
    }
  }
  return { done, left };
}

function all(tasks: readonly ChosenTask[], reason: string): Progress {
  return { done: [], left: tasks.map((task) => ({ task, reason })) };
}
