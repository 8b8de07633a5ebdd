/**
 * How many runs of a workflow may be under way at a time, per tenant and key. Two options say it: `concurrency` counts runs at work, so
 * that a run that waits for a person leaves its place to the next one; `singleton` counts runs that live, from their first claim to their end.
 * What is above the cap is queued, and comes in its turn.
 */
import { StepwellError } from '@stepwell/contracts';

export interface ConcurrencyOptions<In> {
  /** At most so many runs are at work at a time, per tenant and key. A run that waits is not at work. */
  readonly limit: number;
  /** Runs with the same key share the limit; without it all runs of the workflow do. Asked once, when the run starts; a pure function. */
  readonly key?: (input: In) => string;
}

export interface SingletonOptions<In> {
  /** At most one run of the same key is alive. Asked once, when the run starts; a pure function. */
  readonly key: (input: In) => string;
}

/** Either option, as the engine takes it. */
export interface Cap {
  readonly limit: number;
  /** When a run gives its permit back: `wait`, as soon as it waits or ends; `end`, only when it ends. */
  readonly heldUntil: 'wait' | 'end';
  readonly key: (input: never) => unknown;
}

const ALL_IN_ONE = (): string => '';
/** PostgreSQL counts in four bytes; nobody means more. */
const MOST = 100_000;

/** @throws StepwellError OPTION_INVALID */
export function capOf(
  where: string,
  concurrency: ConcurrencyOptions<never> | undefined,
  singleton: true | SingletonOptions<never> | undefined,
): Cap | undefined {
  const refuse = (option: string, reason: string) => new StepwellError('OPTION_INVALID', { where: `${where}, ${option}`, reason });
  if (concurrency !== undefined && singleton !== undefined)
    throw refuse('singleton', 'a workflow has either concurrency or singleton. Leave one of them out.');
  if (concurrency !== undefined) {
    const { limit, key = ALL_IN_ONE } = concurrency;
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
      throw refuse('concurrency', `limit is ${limit}; it is a whole number from 1 to ${MOST}.`);
    if (typeof key !== 'function') throw refuse('concurrency', 'key is a function of the input.');
    return { limit, heldUntil: 'wait', key };
  }
  if (singleton === undefined) return undefined;
  const key = singleton === true ? ALL_IN_ONE : singleton.key;
  if (typeof key !== 'function') throw refuse('singleton', 'it is true, or { key } with a function of the input.');
  return { limit: 1, heldUntil: 'end', key };
}

/** Runs of a higher priority are claimed first. */
export const LOWEST_PRIORITY = -10;
export const HIGHEST_PRIORITY = 10;

export function isPriority(value: number): boolean {
  return Number.isInteger(value) && value >= LOWEST_PRIORITY && value <= HIGHEST_PRIORITY;
}

/** @throws StepwellError OPTION_INVALID */
export function priorityOf(where: string, priority: number = 0): number {
  if (isPriority(priority)) return priority;
  const reason = `it is ${priority}; a priority is a whole number from ${LOWEST_PRIORITY} to ${HIGHEST_PRIORITY}.`;
  throw new StepwellError('OPTION_INVALID', { where: `${where}, priority`, reason });
}
