/**
 * What the codes of PostgreSQL and of the network mean: the one list of them. Each question about an error is a column, because the answers
 * differ: a conflict is worth a repeat, a full disk is not; and of a transaction that was made read-only its author may have wanted it.
 */

/** What kind of failure a database error is: it decides whether a batch is repeated, bisected, or of unknown outcome. */
export type DatabaseFailure = 'transient' | 'data' | 'unknown-outcome';

interface Meaning {
  /**
   * - transient: the transaction was rolled back and the same statement may succeed in a moment.
   * - data: some value in the statement cannot be stored.
   *
   * By default the outcome is unknown: the connection broke, or a repeat at once is of no use. Whoever waited claims anew.
   */
  readonly batch?: 'transient' | 'data';
  /** The statement is not to blame. */
  readonly isPassing?: true;
  /** A client is told DATABASE_UNAVAILABLE. `away`: no other statement would do better now. `busy`: this one met somebody, or took too long. */
  readonly client?: 'away' | 'busy';
  /** At a start it says nothing about the settings: the database may be there in a moment. */
  readonly isAwayAtStart?: true;
}

const NETWORK: Meaning = { client: 'away', isAwayAtStart: true };

export const READ_ONLY = '25006';
/** The server cut a transaction from which it heard nothing for too long. */
export const IDLE_IN_TRANSACTION = '25P03';
export const DISK_FULL = '53100';
const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';
const DEADLOCK = '40P01';
const UNIQUE_VIOLATION = '23505';

/** By code, or by its class, which is its first two characters: the code goes before the class. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  // Of connections.
  ['08', { isPassing: true, client: 'away' }],
  // Values.
  ['22', { batch: 'data' }],
  ['23', { batch: 'data' }],
  ['54', { batch: 'data' }],
  // A standby, or somebody has made it so.
  [READ_ONLY, { client: 'away' }],
  [IDLE_IN_TRANSACTION, { client: 'busy' }],
  // Somebody else was there: serialization failure, deadlock, a lock.
  ['40', { isPassing: true, client: 'busy' }],
  ['40001', { batch: 'transient', isPassing: true, client: 'busy' }],
  [DEADLOCK, { batch: 'transient', isPassing: true, client: 'busy' }],
  ['55', { isPassing: true }],
  ['55000', { isPassing: true, isAwayAtStart: true }],
  [LOCK_NOT_AVAILABLE, { batch: 'transient', isPassing: true, client: 'busy' }],
  // No room: on the disk, in memory, for a connection.
  ['53', { isPassing: true, client: 'away' }],
  ['53300', { batch: 'transient', isPassing: true, client: 'away', isAwayAtStart: true }],
  // Ended from outside: a limit of time or a person; admin shutdown, crash shutdown, cannot connect now, database dropped.
  ['57', { isPassing: true, client: 'away' }],
  [QUERY_CANCELED, { isPassing: true, client: 'busy' }],
  ['57P01', { batch: 'transient', isPassing: true, client: 'away', isAwayAtStart: true }],
  ['57P02', { isPassing: true, client: 'away', isAwayAtStart: true }],
  ['57P03', { batch: 'transient', isPassing: true, client: 'away', isAwayAtStart: true }],
  // The network's own words. A name that nobody knows, and a pipe, are no news at a start.
  ...['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'].map((code) => [code, NETWORK] as const),
  ...['ECONNABORTED', 'EPIPE', 'ENOTFOUND'].map((code) => [code, { client: 'away' }] as const),
]);

/** What pg and its pool say in words alone. */
const AWAY_WORDS = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;
/** No answer came within the limit that the pool sets (`answerMs`). */
const LATE_WORDS = /^Query read timeout/;

/** The code of an error, if it has one. */
export function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}

function meaningOf(error: unknown): Meaning {
  const code = codeOf(error);
  if (typeof code !== 'string') return {};
  return MEANINGS.get(code) ?? (code.length === 5 ? MEANINGS.get(code.slice(0, 2)) : undefined) ?? {};
}

export function classify(error: unknown): DatabaseFailure {
  return meaningOf(error).batch ?? 'unknown-outcome';
}

/**
 * Whether the statement is not to blame: the connection, a conflict with somebody else, no room, a lock, or whoever ended it (classes 08, 40,
 * 53, 55 and 57).
 */
export function isPassing(error: unknown): boolean {
  return meaningOf(error).isPassing === true;
}

/** Seconds after which a client that was told DATABASE_UNAVAILABLE may ask again. */
export const UNAVAILABLE_RETRY_S = 2;

/**
 * Whether the same call may succeed later, and nothing of it was kept as far as anybody knows: the database could not be reached, is
 * read-only, has no room, was busy with somebody else, or was too slow.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  return clientsView(error) !== undefined;
}

/** Whether it is away for everybody: the next statement need not be tried. */
export function isDatabaseAway(error: unknown): boolean {
  return clientsView(error) === 'away';
}

function clientsView(error: unknown): Meaning['client'] {
  if (typeof codeOf(error) === 'string') return meaningOf(error).client;
  const { message } = (error ?? {}) as { message?: unknown };
  if (typeof message !== 'string') return undefined;
  return AWAY_WORDS.test(message) ? 'away' : LATE_WORDS.test(message) ? 'busy' : undefined;
}

/** Whether a database that cannot be reached at a start may be there in a moment, as far as its code says. */
export function isAwayAtStart(error: unknown): boolean {
  return meaningOf(error).isAwayAtStart === true;
}

/** Whether the time for a lock was over (`lockMs` of `inTransaction`): another transaction holds it, for as long as it pleases. */
export function isLockHeld(error: unknown): boolean {
  return codeOf(error) === LOCK_NOT_AVAILABLE;
}

/** Whether a lock, or the work under it, took too long; or two waited for each other. */
export function isGivenUp(error: unknown): boolean {
  return ([QUERY_CANCELED, LOCK_NOT_AVAILABLE, DEADLOCK] as unknown[]).includes(codeOf(error));
}

/** Whether a row was refused because another one has what must be unique. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === UNIQUE_VIOLATION;
}
