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
 * @param members where to look for members of its groups: there is no index for it
 */
export function nobodyIsLeft(source: string, tenant: string, members = 'users'): string {
  const isLeft = (whom: string, among = 'users'): string =>
    `EXISTS (SELECT FROM ${among} u WHERE u.tenant = ${tenant} AND ${whom} AND NOT u.id::text = ANY(coalesce(${source}.excluded, '{}')))`;
  // Where it names none, nobody is looked for: on a young table, or in groups, that would be a read of all people.
  const isNamedLeft = `(${source}.assignee IS NOT NULL OR ${source}.candidate_users IS NOT NULL) AND ${isLeft(`u.name = ANY(${source}.assignee || ${source}.candidate_users)`)}`;
  const isMemberLeft = `${source}.candidate_groups IS NOT NULL AND ${isLeft(`u.groups && ${source}.candidate_groups`, members)}`;
  return `(CASE WHEN ${namesNobody(source)} THEN ${source}.excluded IS NOT NULL AND NOT ${isLeft('true')}
    ELSE NOT (${isNamedLeft} OR ${isMemberLeft}) END)`;
}

/** Of a row as a change has left it: true, or null, for what a history keeps of it. */
export function ifNobodyIsLeft(source: string, tenant: string): string {
  return `CASE WHEN ${nobodyIsLeft(source, tenant)} THEN true END`;
}
