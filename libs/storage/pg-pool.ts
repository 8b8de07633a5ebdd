/** Injection token of the process's `pg.Pool` for hand-written statements. */
export const PG_POOL = Symbol('PG_POOL');
