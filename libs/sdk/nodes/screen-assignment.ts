/** Whom a task is for: said by the author once, when it opens, of people and groups by name. Whether there are such people is not known here. */
import { StepwellError } from '@stepwell/contracts';
import type { ReadContext } from '../read-context.js';

/** The same for every run, or a function of it that is asked once. */
export type OfRun<In, T> = T | ((ctx: ReadContext<In>) => T);

export interface AssignmentOptions<In = never> {
  /** Who has the task: the name that he signs in with. While he is away it goes to his substitute. */
  readonly assignee?: OfRun<In, string | null>;
  /** Who may claim it, by the names that they sign in with. */
  readonly candidateUsers?: OfRun<In, readonly string[]>;
  /** Whose members may claim it. Where none of the three is said, everybody may; what is said and names nobody opens the task to nobody. */
  readonly candidateGroups?: OfRun<In, readonly string[]>;
}

/** Whom a task is for: somebody at least. */
export interface TaskAssignment {
  readonly assignee: string | null;
  readonly candidateUsers: readonly string[] | null;
  readonly candidateGroups: readonly string[] | null;
}

/** Null: the author's functions name nobody, which never means everybody. */
export type AssignmentOf = (ctx: ReadContext<never>) => TaskAssignment | null;

const MAX_NAME = 200;
/** A list of people that is longer is a group. */
const MAX_NAMES = 100;

/**
 * @param where named in the error
 * @returns null when the author says nothing of it
 * @throws StepwellError OPTION_INVALID for what is no name, and for what names nobody; what a function gives is refused when it is asked
 */
export function assignmentOf(options: AssignmentOptions<never>, where: string): AssignmentOf | null {
  const { assignee, candidateUsers, candidateGroups } = options;
  const given = [assignee, candidateUsers, candidateGroups];
  if (given.every((one) => one === undefined)) return null;
  const read: AssignmentOf = (ctx) => {
    const said = {
      assignee: name(valueOf(assignee, ctx) ?? null, `${where}, assignee`),
      candidateUsers: namesOf(valueOf(candidateUsers, ctx), `${where}, candidateUsers`),
      candidateGroups: namesOf(valueOf(candidateGroups, ctx), `${where}, candidateGroups`),
    };
    return said.assignee === null && !said.candidateUsers && !said.candidateGroups ? null : said;
  };
  const isFixed = given.every((one) => typeof one !== 'function');
  if (!isFixed) return read;
  const fixed = read(undefined as never);
  if (!fixed) throw refused(where, 'assignee, candidateUsers and candidateGroups name nobody; leave them out where everybody may.');
  return () => fixed;
}

function valueOf<T>(said: OfRun<never, T> | undefined, ctx: ReadContext<never>): T | undefined {
  return typeof said === 'function' ? (said as (ctx: ReadContext<never>) => T)(ctx) : said;
}

/** @returns null for none */
export function namesOf(given: unknown, where: string): readonly string[] | null {
  if (given === undefined || given === null) return null;
  if (!Array.isArray(given)) throw refused(where, 'it is a list of names.');
  if (given.length > MAX_NAMES) throw refused(where, `it has ${given.length} names; name a group instead.`);
  return given.length === 0 ? null : given.map((one) => name(one, where) as string);
}

function name(given: unknown, where: string): string | null {
  if (given === null) return null;
  if (typeof given !== 'string' || given.trim() === '' || given.length > MAX_NAME || given.includes('\0'))
    throw refused(where, `${JSON.stringify(given)} is no name.`);
  return given;
}

function refused(where: string, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where, reason });
}
