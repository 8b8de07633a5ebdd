/** Whom a task is not for, by what its row says: which refusal it is, of a server and of the test kit. */
import type { ErrorDetails } from '@stepwell/contracts';

/** Whom a task names. */
export interface Named {
  readonly assignee: string | null;
  readonly users: readonly string[] | null;
  readonly groups: readonly string[] | null;
}

/** What is found of one person. */
export interface Found {
  /** The task names nobody, or this person. */
  readonly isMeant: boolean;
  /** It is not for this person, whomever it names. */
  readonly isExcluded: boolean;
  /** He has answered it. */
  readonly hasReviewed: boolean;
}

export interface RowsRefusal {
  readonly code: 'TASK_REVIEWED' | 'TASK_OWN_WORK' | 'TASK_FOR_OTHERS';
  readonly details: ErrorDetails;
}

/** @param who how the person is called @returns `undefined` when the row keeps him from nothing */
export function keptByRows(named: Named, found: Found | undefined, who: string): RowsRefusal | undefined {
  if (found?.isExcluded) return excludedByRows(named, found, who);
  return found?.isMeant ? undefined : { code: 'TASK_FOR_OTHERS', details: { whom: namesIn(named).join(', ') } };
}

/** @returns why somebody who is excluded is */
export function excludedByRows(named: Named, { hasReviewed }: Pick<Found, 'hasReviewed'>, who: string): RowsRefusal {
  const names = namesIn(named);
  const whom = names.length === 0 ? '' : ` (of those it is for: ${names.join(', ')})`;
  return { code: hasReviewed ? 'TASK_REVIEWED' : 'TASK_OWN_WORK', details: { who, whom } };
}

export function namesIn({ assignee, users, groups }: Named): readonly string[] {
  return [...new Set([assignee ?? [], users ?? [], groups?.map((group) => `the group ${group}`) ?? []].flat())];
}
