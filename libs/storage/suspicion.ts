/**
 * Runs (and steps on other queues) that may be what ends workers. `crashes` lists the workers that died with one since it last waited. From
 * the second on it is a suspect: it needs isolation, so no ordinary worker claims it, and only a crash in isolation is proof.
 */
import { ISOLATION, SUSPECT_FROM } from '@stepwell/engine';

/** A process may also be killed from outside; three times in a row, in a process of its own, is no accident. */
export const PROOFS = 3;

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
