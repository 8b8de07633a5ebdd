/**
 * Several people answer one task, each without the others, and what enough of them say alike is the decision. What the author asks for is
 * checked at boot; whom a task is for may be known only when it opens, so whether they are enough is asked again then.
 */
import { StepwellError } from '@stepwell/contracts';
import { namesOf, type TaskAssignment } from './screen-assignment.js';

export interface ReviewOptions<Answer = never> {
  /** How many equal answers decide: 2 is a second review. From 2 to 10. */
  readonly required: number;
  /** How many people are asked at most, from `required` to 20; when that many have not given enough equal answers, the task is in dispute. Default: one more than `required`. */
  readonly of?: number;
  /** With `false` whoever is next sees the answers so far. Default: nobody sees an answer but who gave it, until the task is decided. */
  readonly blind?: boolean;
  /** The fields that must be equal. Default: all. */
  readonly compare?: readonly (keyof Answer & string)[];
  /** Whose members settle a dispute. Default: whoever it is for and has not given an answer. */
  readonly settledBy?: readonly string[];
}

/** How a task is reviewed, as it was when it opened. */
export interface ReviewPolicy {
  readonly required: number;
  readonly of: number;
  readonly isBlind: boolean;
  /** Null: all fields. */
  readonly compare: readonly string[] | null;
  readonly settledBy: readonly string[] | null;
}

/** With whom the task named when it opened: one whom it is given to alone, and who has answered, leaves it to them. */
export interface OpenedReviews extends ReviewPolicy {
  readonly users: readonly string[] | null;
  readonly groups: readonly string[] | null;
}

/** One who looks alone is no review; more than ten is an election. */
const [FEWEST, MOST] = [2, 10];
const MOST_ASKED = 20;

/** @throws StepwellError OPTION_INVALID */
export function reviewPolicy(options: ReviewOptions | undefined, where: string): ReviewPolicy | null {
  if (options === undefined) return null;
  const { required, of = required + 1, blind = true, compare, settledBy } = options;
  if (!Number.isInteger(required) || required < FEWEST || required > MOST)
    throw refused(where, `required is ${required}; it is a whole number from ${FEWEST} to ${MOST}.`);
  if (!Number.isInteger(of) || of < required || of > MOST_ASKED)
    throw refused(where, `of is ${of}; it is a whole number from required (${required}) to ${MOST_ASKED}.`);
  if (compare !== undefined && (!Array.isArray(compare) || compare.length === 0))
    throw refused(where, 'compare names no field; leave it out to compare all.');
  return {
    required,
    of,
    isBlind: blind,
    compare: namesOf(compare, `${where}, compare`),
    settledBy: namesOf(settledBy, `${where}, settledBy`),
  };
}

/**
 * How a task for these people is reviewed. Where they are known by name, no more are asked than there are, and one is left to settle a dispute.
 *
 * @throws StepwellError OPTION_INVALID when they are too few
 */
export function reviewsAmong(policy: ReviewPolicy, assignment: TaskAssignment | null, where: string): OpenedReviews {
  const { assignee = null, candidateUsers = null, candidateGroups: groups = null } = assignment ?? {};
  const users = assignee === null ? candidateUsers : [...new Set([assignee, ...(candidateUsers ?? [])])];
  if (users === null || groups !== null) return { ...policy, users, groups };
  const of = Math.min(policy.of, users.length - (policy.settledBy === null ? 1 : 0));
  if (of >= policy.required) return { ...policy, of, users, groups };
  const settling = policy.settledBy === null ? ', and one more to settle a dispute, unless settledBy names a group' : '';
  throw refused(
    where,
    `it needs ${policy.required} people who answer${settling}; the task is for ${users.length === 1 ? `${users[0]} alone` : users.join(', ')}.`,
  );
}

function refused(where: string, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where, reason });
}
