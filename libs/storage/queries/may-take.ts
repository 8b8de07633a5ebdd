/**
 * Who may have a task: everybody, when it names nobody; else its assignee and its candidates. Nobody whom it excludes, also with a key
 * of his. Where the screen's author has a word (`asks_author`), nobody of whom he was not asked. Asked by every statement by which a
 * person takes or decides one, in its own WHERE, so that no path is without it and none sees an older answer.
 *
 * The person is looked up only for a task that names or excludes somebody; a machine with a key is nobody by name.
 */

/** What a statement calls the tenant, and the id of whoever asks, as text. */
export interface Asking {
  readonly tenant: string;
  readonly actorId: string;
  /** Whether the author of the screen was asked, and agreed: a condition. Default: he was not. */
  readonly isAgreed?: string;
}

/** The condition on a row of tasks. @param source the table or its alias */
export function mayTake(source: string, asking: Asking): string {
  return `(${isMeantFor(source, asking)} AND ${isPermitted(source, asking)})`;
}

/** It names nobody, or this person. */
export function isMeantFor(source: string, asking: Asking): string {
  return `(${namesNobody(source)} OR ${source}.assignee = ${nameOf(asking)} OR ${isCandidate(source, asking)})`;
}

/** What the inbox offers: not what candidates could take from its assignee. */
export function isOffered(source: string, asking: Asking): string {
  return `((${namesNobody(source)} OR ${source}.assignee = ${nameOf(asking)} OR ${source}.assignee IS NULL AND ${isCandidate(source, asking)}) AND ${isPermitted(source, asking)})`;
}

/** Whom it names is one thing, whom it refuses another. */
function isPermitted(source: string, asking: Asking): string {
  return `NOT ${isExcluded(source, asking)} AND (NOT ${source}.asks_author OR ${asking.isAgreed ?? 'false'})`;
}

/** He has started what is to be decided, say. */
export function isExcluded(source: string, { tenant, actorId }: Asking): string {
  return `(${source}.excluded IS NOT NULL AND (${actorId} = ANY(${source}.excluded) OR coalesce(maker_of_key(${tenant}, ${actorId}) = ANY(${source}.excluded), false)))`;
}

export function isAssignee(source: string, asking: Asking): string {
  return `${source}.assignee = ${nameOf(asking)}`;
}

/** Nobody's yet, and for a group of theirs. */
export function isForGroup(source: string, { tenant, actorId }: Asking): string {
  return `${source}.assignee IS NULL AND ${source}.candidate_groups && (SELECT u.groups ${person(tenant, actorId)})`;
}

export function namesNobody(source: string): string {
  return `${source}.assignee IS NULL AND ${source}.candidate_users IS NULL AND ${source}.candidate_groups IS NULL`;
}

function isCandidate(source: string, asking: Asking): string {
  const groups = `(SELECT u.groups ${person(asking.tenant, asking.actorId)})`;
  return `(${nameOf(asking)} = ANY(${source}.candidate_users) OR ${source}.candidate_groups && ${groups})`;
}

function nameOf({ tenant, actorId }: Asking): string {
  return `(SELECT u.name ${person(tenant, actorId)})`;
}

function person(tenant: string, actorId: string): string {
  return `FROM users u WHERE u.tenant = ${tenant} AND u.id = CASE WHEN ${actorId} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN (${actorId})::uuid END`;
}
