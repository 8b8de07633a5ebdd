/**
 * Nobody may decide a task: of those whom it names, or of all people where it names nobody, each is excluded, or there is none. Who is
 * away comes back, and counts; so does whom the author of the screen would refuse (`mayDecide`): he is asked of one person at a time.
 */
import { namesNobody } from './may-take.js';

const FEW = 50;

/**
 * The condition, never null.
 *
 * @param source a row with the columns assignee, candidate_users, candidate_groups and excluded
 * @param tenant as SQL
 * @param members where to look for members of its groups
 */
export function nobodyIsLeft(source: string, tenant: string, members = 'users'): string {
  const isNotExcluded = `NOT u.id::text = ANY(coalesce(${source}.excluded, '{}'))`;
  const isLeft = (whom: string): string => `EXISTS (SELECT FROM users u WHERE u.tenant = ${tenant} AND ${whom} AND ${isNotExcluded})`;
  // Where it names none, nobody is looked for: on a young table, or in groups, that would be a read of all people.
  const isNamedLeft = `(${source}.assignee IS NOT NULL OR ${source}.candidate_users IS NOT NULL) AND ${isLeft(`u.name = ANY(${source}.assignee || ${source}.candidate_users)`)}`;
  // Of a large group one is met among a few people. Else the index is asked, which lists all of a group: for EXISTS, or one row, a plan would
  // hope to meet one soon and read all people of a group that has none; of how many it may read here it knows nothing.
  const isMember = `u.groups && ${source}.candidate_groups AND ${isNotExcluded}`;
  const isMet = `EXISTS (SELECT FROM (SELECT * FROM ${members} WHERE tenant = ${tenant} LIMIT ${FEW}) u WHERE ${isMember})`;
  const isFound = `(SELECT count(*) FROM (SELECT FROM ${members} u WHERE u.tenant = ${tenant} AND ${isMember} LIMIT (SELECT 1)) m) > 0`;
  const isMemberLeft = `${source}.candidate_groups IS NOT NULL AND (${isMet} OR ${isFound})`;
  return `(CASE WHEN ${namesNobody(source)} THEN ${source}.excluded IS NOT NULL AND NOT ${isLeft('true')}
    ELSE NOT (${isNamedLeft} OR ${isMemberLeft}) END)`;
}

/** Of a row as a change has left it: true, or null, for what a history keeps of it. */
export function ifNobodyIsLeft(source: string, tenant: string): string {
  return `CASE WHEN ${nobodyIsLeft(source, tenant)} THEN true END`;
}
