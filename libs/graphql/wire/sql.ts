/** Injection token of the `Sql` that reads run on. */
export const SQL = Symbol('SQL');
