/** Runs that may be what ends workers need isolation: what that is called, for every store and for whoever claims. */

/** One crash may be anybody's doing; who was there twice is looked at alone. */
export const SUSPECT_FROM = 2;

/** What a suspect needs of a worker, beside its workflow. Free of `@`, so that it is no workflow's name and version. */
export const ISOLATION = 'isolation for ';

/** @param needs `workflow@version` */
export function inIsolation(needs: string): string {
  return ISOLATION + needs;
}
