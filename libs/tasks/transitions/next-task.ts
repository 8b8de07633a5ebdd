/**
 * The next task of a person: the first of the inbox that nobody holds and this person has not skipped; then, from the one skipped first,
 * what was skipped. It comes claimed. What the author of a screen keeps this person from is passed by.
 */
import { type Actor, StepwellError, TaskStatus } from '@stepwell/contracts';
import { claimedAfter, claimNextTask, readTasks, type Sql, type TaskRecord } from '@stepwell/storage';
import { listingOf, type TaskListing } from '../inbox/task-filter.js';
import { CLAIM_MS } from './claim-lease.js';
import type { WhoMay } from './who-may.js';

/** So many tasks are asked about for one request; behind them it is looked only at what needs no question. */
const MOST_ASKED = 100;

export interface NextRequest {
  readonly tenant: string;
  readonly actor: Actor;
  /** The task that the actor leaves. */
  readonly after: string | null;
  /** Of what the next one is the next: the filter of the inbox, in its order. */
  readonly listing?: NextListing | undefined;
}

export type NextListing = Omit<TaskListing, 'viewer'>;

export interface Next {
  readonly row: TaskRecord;
  /** False when an earlier request had got it. */
  readonly isNew: boolean;
}

/**
 * @param mayBeRepeat an earlier request may have got the task after this one: then this one gets it, too
 * @returns `undefined` when nothing is free
 * @throws StepwellError INPUT_INVALID
 */
export async function nextTask(
  { sql, whoMay }: { readonly sql: Sql; readonly whoMay: WhoMay },
  { tenant, actor, after, listing = {} }: NextRequest,
  mayBeRepeat: boolean,
): Promise<Next | undefined> {
  const { where, order } = nextListing(listing, actor);
  const first = mayBeRepeat && after !== null ? await claimedAfter(sql, tenant, actor.id, after) : undefined;
  if (first) return { row: first, isNew: false };
  const asked = { tenant, actor, leaseMs: CLAIM_MS, after, filter: where, order };
  const refused: string[] = [];
  for (let agreed: string | null = null; ;) {
    const next = await claimNextTask(sql, { ...asked, agreed, refused: refused.length < MOST_ASKED ? refused : null });
    if (next === undefined) return undefined;
    if (next.kind === 'claimed') return { row: next.task, isNew: true };
    const [task] = await readTasks(sql, tenant, [next.id]);
    if (task && !(await whoMay.byAuthor(tenant, task, actor))) agreed = next.id;
    else refused.push(next.id);
  }
}

/**
 * To be called before anything is changed for the sake of the next one.
 * @throws StepwellError INPUT_INVALID, also for a filter in which nothing is free
 */
export function nextListing(listing: NextListing, actor: Actor): ReturnType<typeof listingOf> {
  const { filter } = listing;
  if (filter?.mine || !(filter?.status?.includes(TaskStatus.open) ?? true))
    throw new StepwellError('INPUT_INVALID', {
      reason: 'The next task is one that nobody holds: a filter for what is yours, or for what has ended, has none. Leave it out.',
    });
  return listingOf({ ...listing, filter: { ...filter, status: [TaskStatus.open] }, viewer: actor });
}
