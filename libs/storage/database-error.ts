/** What kind of failure a database error is: it decides whether a batch is repeated, bisected, or of unknown outcome. */
export type DatabaseFailure = 'transient' | 'data' | 'unknown-outcome';

/**
 * - transient: the transaction was rolled back and the same statement may succeed: serialization failure, deadlock, lock not available,
 *   admin shutdown, too many connections, cannot connect now.
 * - data: some value in the statement cannot be stored (class 22 and 23, and 54 program limits).
 * - unknown-outcome: the connection broke; the statement may or may not have committed.
 */
export function classify(error: unknown): DatabaseFailure {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || code.length !== 5) return 'unknown-outcome';
  if (['40001', '40P01', '55P03', '57P01', '57P03', '53300'].includes(code)) return 'transient';
  if (/^(22|23|54)/.test(code)) return 'data';
  return 'unknown-outcome';
}

/**
 * Whether the statement is not to blame: the connection, a conflict with somebody else, no room, a lock, or whoever ended it (classes 08, 40,
 * 53, 55 and 57).
 */
export function isPassing(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^(08|40|53|55|57)...$/.test(code);
}

/** Of classes 08 (connection), 57P (shut down, starting) and 53300 (no connection is left), and what the network says. */
const UNAVAILABLE_CODE =
  /^(08...|57P0[1-4]|53300|ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What pg and its pool say in words alone. */
const UNAVAILABLE_WORDS = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether the database could not be reached, so that the same call may succeed when it is back. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? UNAVAILABLE_CODE.test(code) : typeof message === 'string' && UNAVAILABLE_WORDS.test(message);
}

/** Whether the time for a lock was over (`lockMs` of `inTransaction`): another transaction holds it, for as long as it pleases. */
export function isLockHeld(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '55P03';
}

/** Whether a row was refused because another one has what must be unique. */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '23505';
}
