/**
 * Connections that go through a pooler in transaction mode (PgBouncer): each transaction may come to another backend. So no statement is
 * prepared by name there, and nothing is set for a session; what needs one (LISTEN, the lock of migrations) goes by the direct address.
 */
const POOLED = new WeakSet<object>();

/** @param through a pool, or one of its connections */
export function markPooled(through: object): void {
  POOLED.add(through);
}

export function isPooled(through: object): boolean {
  return POOLED.has(through);
}
