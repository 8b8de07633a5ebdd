/** Injection token of this process's worker; `null` without the role. */
export const WORKER = Symbol('WORKER');
