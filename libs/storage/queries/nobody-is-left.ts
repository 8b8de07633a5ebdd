/**
 * Nobody may decide a task: of those whom it names, or of all people where it names nobody, each is excluded, or there is none. Who is
 * away comes back, and counts; so does whom the author of the screen would refuse (`mayDecide`): he is asked of one person at a time.
 */
import { namesNobody } from './may-take.js';

/**
 * The condition, never null.
 *
 * @param source a row with the columns assignee, candidate_users, candidate_groups and excluded
 * @param tenant as SQL
 */
export function nobodyIsLeft(source: string, tenant: string): string {
  const isLeft = (whom: string): string =>
    `EXISTS (SELECT FROM users u WHERE u.tenant = ${tenant} AND ${whom} AND NOT u.id::text = ANY(coalesce(${source}.excluded, '{}')))`;
  return `(CASE WHEN ${namesNobody(source)} THEN ${source}.excluded IS NOT NULL AND NOT ${isLeft('true')}
    ELSE NOT (${isLeft(`u.name = ANY(${source}.assignee || ${source}.candidate_users)`)} OR ${isLeft(`u.groups && ${source}.candidate_groups`)}) END)`;
}

/** Of a row as a change has left it: true, or null, for what a history keeps of it. */
export function ifNobodyIsLeft(source: string, tenant: string): string {
  return `CASE WHEN ${nobodyIsLeft(source, tenant)} THEN true END`;
}
