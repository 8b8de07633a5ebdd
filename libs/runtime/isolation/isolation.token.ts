/** Injection token of this process's isolation; `null` where it starts none. */
export const ISOLATION = Symbol('ISOLATION');
