/** Every script that stands for a query file; what is made of several meets in meetings.ts only. A new query file needs one here, or a line in COLD, or the build fails. */
import type { Script } from '../script.js';
import * as flush from './flush.scripts.js';
import * as inbox from './inbox.scripts.js';
import * as lease from './lease.scripts.js';
import * as retry from './retry.scripts.js';
import * as start from './start.scripts.js';
import * as task from './task.scripts.js';

function isScript(value: unknown): value is Script {
  return typeof value === 'object' && value !== null && 'covers' in value && (value as Script).covers.length > 0;
}

export const SCRIPTS: readonly Script[] = [lease, flush, inbox, task, start, retry].flatMap((module) =>
  Object.values(module as Record<string, unknown>).filter(isScript),
);

/** Query files without a script, and why they need none. */
export const COLD: Readonly<Record<string, string>> = {
  'api-keys': 'one row each, by its hash or id, and nothing else of the engine: made, revoked, used',
  'approval-links': 'one row by its hash, or new ones, by who holds nothing',
  'carry-run':
    'the row of one run that waits for a person, then a key of its own, as lift-stop does; in the other installation rows that nobody knows yet',
  'count-queued': 'reads only',
  'database-time': 'reads a clock',
  'document-chunks': 'pieces of one document, which only its writer and its remover know',
  documents:
    'rows of documents only, by id; a start takes its documents before its keys and rows, and nobody who holds those asks for documents',
  'end-holds': 'messages whose hold is over, by who holds nothing; it meets only undo-decision, in libs/tasks/undo.int-spec.ts',
  expire: 'deletes what has been over for long, SKIP LOCKED, so that it waits for nobody; who waits for it waits for one short statement',
  'fork-run': 'copies what does not change into rows that nobody knows yet',
  housekeeping: 'one row that only the housekeeping looks at',
  'inbox-views': 'one row each, by its id, and nothing else of the engine: saved, changed, deleted by people',
  installation: 'once per installation and per day: partitions under an advisory lock, and one row that never changes',
  'lift-stop': 'the row of one run, by a run that waits for a person; then a key of its own, which nobody reserves who holds a run',
  'list-tasks': 'reads only',
  'notice-causes': 'one process plans at a time, under the lock of a row that nobody else locks, and of rows that others only insert',
  'notification-preferences': 'one row by its key, which its owner writes',
  notifications: 'claimed SKIP LOCKED for one statement, then one row by its key; nobody of the engine asks for them',
  notify: 'sends hints at the commit; until then it locks nothing',
  permits: 'at boot, sorted by key; and a sweep that skips what is locked, of rows that should not be',
  'probe-values': 'reads only',
  'prune-checkpoints':
    'the row of one run, and behind it old facts of its journal, which nobody else writes and every fork copies as it finds them',
  'put-blob': 'writes content under its own hash: two who write it write the same, and nobody waits while holding anything',
  'read-events': 'reads only',
  'read-tasks': 'reads only',
  'register-triggers': 'at boot, under an advisory lock',
  'register-workflows': 'at boot, sorted by key, in a transaction of its own',
  'run-sessions':
    'one row by its name, and behind it only keys of its own; a start, a retry and a fork take it before their keys and rows, and who holds those asks for no session',
  'run-status': 'reads only',
  'event-work': 'reads only',
  'seal-decisions':
    'one sealer of a tenant at a time, under an advisory lock, of rows that nobody else changes; who decides only inserts there',
  'review-task':
    'changes one row of a task, as claim-task does, which stands for it; what it inserts after that, decide-task inserts likewise; two who answer at once meet in libs/tasks/reviews/reviews.int-spec.ts',
  'set-task-priority': 'changes one row of a task and locks nothing else, as release-task does, which stands for it',
  'skip-task': 'changes one row of a task and locks nothing else, as release-task does, which stands for it',
  'step-keys':
    'one row by its key for one statement, by who holds nothing, or at last after the run row; two inserts of a key meet in its primary key',
  'task-comments': 'a new row, or one row by its key for one statement; it reads the task and locks nothing of it',
  'take-over-task': 'changes one row of a task and locks nothing else, as claim-task does, which stands for it',
  'tenant-shares': 'one row by its key, by who holds nothing; a claim passes by what is locked',
  'undo-decision':
    'by one person within seconds; it takes the run row before the task row, as decide-task does, and meets the flush in libs/tasks/undo.int-spec.ts',
  'watch-leases': 'reads only',
};
