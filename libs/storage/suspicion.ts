/**
 * Runs (and steps on other queues) that may be what ends workers. `crashes` lists the workers that died with one since it last waited. From
 * the second on it is a suspect: it needs isolation, so no ordinary worker claims it, and only a crash in isolation is proof.
 */

/** One crash may be anybody's doing; who was there twice is looked at alone. */
export const SUSPECT_FROM = 2;
/** A process may also be killed from outside; three times in a row, in a process of its own, is no accident. */
export const PROOFS = 3;

/** What a suspect needs of a worker, beside its workflow. Free of `@`, so that it is no workflow's name and version. */
const ISOLATION = 'isolation for ';

/** @param needs `workflow@version` */
export function inIsolation(needs: string): string {
  return ISOLATION + needs;
}

/** What is blamed as `row` is needs isolation when that does. */
export function needsLike(row: string, needs: string): string {
  return `CASE WHEN cardinality(${row}.crashes) >= ${SUSPECT_FROM} THEN '${ISOLATION}' || ${needs} ELSE ${needs} END`;
}

/** Assignments for an orphaned row; `o.crashed` says whether the worker that held it has crashed. */
export const BLAME = (row: 'r' | 'd') => `
     crashes = CASE WHEN o.crashed THEN array_append(${row}.crashes, ${row}.worker) ELSE ${row}.crashes END,
     needs = CASE WHEN o.crashed AND cardinality(${row}.crashes) = ${SUSPECT_FROM - 1} THEN '${ISOLATION}' || ${row}.needs ELSE ${row}.needs END`;

/** Its `needs` again, for a row that is no suspect any more. */
export function withoutIsolation(row: 'r' | 'd'): string {
  return `replace(${row}.needs, '${ISOLATION}', '')`;
}
