/** Injection token of the `pg.Pool` for what people and outside services ask for: statements there have a time limit. */
export const PG_POOL = Symbol('PG_POOL');
