/**
 * Can Stepwell work with the PostgreSQL that DATABASE_URL names? Asked once, before anything else, so that a typing error is one line
 * that says what to do and not a stack trace out of a pool. No message ever holds the password.
 */
import { Client } from 'pg';
import { StartError } from './start-error.js';

/** The oldest major on which the locking rules were measured. */
const OLDEST_MAJOR = 15;
const DATABASE_URL = 'DATABASE_URL';
/** A server that does not answer within this is taken for unreachable. */
const PATIENCE_MS = 10_000;

/** What went wrong, by the code of PostgreSQL or of the network; `{setting}` is where the address stands. */
const REFUSALS: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ECONNREFUSED: ['nothing listens there', 'Start that server, or correct host and port in {setting}'],
  ENOTFOUND: ['the host is unknown', 'Correct the host in {setting}'],
  EAI_AGAIN: ['the host cannot be looked up', 'Correct the host in {setting}, or mend the name service'],
  ETIMEDOUT: ['it does not answer', 'Correct host and port in {setting}, or open the network to it'],
  '28P01': ['it refuses the password', 'Correct user and password in {setting}'],
  '28000': ['it refuses the user', 'Correct the user in {setting}, or allow it in pg_hba.conf'],
  '3D000': ['it has no such database', 'Make it (createdb), or correct the name in {setting}'],
  '42501': ['the user may not connect to that database', 'Grant it, or name another user in {setting}'],
  '53300': ['it has no connection left', 'Raise its max_connections, or end what holds them'],
};

interface Answer {
  readonly version: string;
  readonly readonly: boolean;
  /** Quoted as SQL wants it, like `database` and `schema`. */
  readonly user: string;
  readonly database: string;
  /** Where tables go; null when the search path names no schema that the user may use. */
  readonly schema: string | null;
  /** Or need not, because somebody else has made them. */
  readonly mayCreate: boolean | null;
}

/**
 * @param url a connection string as in DATABASE_URL
 * @param setting where it stands, for people
 * @throws StartError when it is no such string, or no usable server answers there; its cause says how the network or PostgreSQL called it
 */
export async function checkDatabase(url: string, setting = DATABASE_URL): Promise<void> {
  const address = addressOf(url, setting);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS });
  // A connection cut after the check is the pool's business.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Answer>(
      `SELECT current_setting('server_version_num') AS version, pg_is_in_recovery() AS readonly,
         quote_ident(current_user) AS "user", quote_ident(current_database()) AS database, quote_ident(current_schema()) AS schema,
         has_schema_privilege(current_schema(), 'CREATE') OR to_regclass('migrations') IS NOT NULL AS "mayCreate"`,
    );
    const major = Math.floor(Number(rows[0]?.version) / 10_000);
    if (major < OLDEST_MAJOR) {
      throw new StartError(
        `The database at ${address} is PostgreSQL ${major}, and Stepwell needs ${OLDEST_MAJOR} or newer.`,
        `Upgrade it, or name another in ${setting}.`,
      );
    }
    if (rows[0]?.readonly) {
      throw new StartError(`The database at ${address} is a read-only standby.`, `Name its primary in ${setting}.`);
    }
    if (rows[0]) requireCreate(rows[0], address);
  } catch (error) {
    throw error instanceof StartError ? error : refusalOf(error, address, setting);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Tables are made in the first schema of the search path; since PostgreSQL 15 not everybody may make them in `public`. */
function requireCreate({ schema, mayCreate, user, database }: Answer, address: string): void {
  if (mayCreate) return;
  throw new StartError(
    `The database at ${address} cannot be used: the user ${user} may not make tables in its schema ${schema ?? 'public'}.`,
    `As its owner run: GRANT USAGE, CREATE ON SCHEMA ${schema ?? 'public'} TO ${user}; or, in a database of its own: ALTER DATABASE ${database} OWNER TO ${user};`,
  );
}

function addressOf(url: string, setting: string): string {
  const example = 'postgres://user:password@host:5432/database';
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new StartError(`${setting} is not a URL.`, `Write it as ${example}, special characters of the password percent-encoded.`);
  }
  if (!['postgres:', 'postgresql:'].includes(parsed.protocol)) {
    throw new StartError(`${setting} begins with ${parsed.protocol}// and not with postgres://.`, `Write it as ${example}.`);
  }
  return `${parsed.host || 'localhost'}${parsed.pathname}`;
}

function refusalOf(error: unknown, address: string, setting: string): StartError {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = typeof first === 'object' && first !== null && 'code' in first ? String(first.code) : '';
  const message = first instanceof Error ? first.message : String(first);
  const timedOut = /timeout/i.test(message) ? REFUSALS['ETIMEDOUT'] : undefined;
  const [what, remedy] = REFUSALS[code] ?? timedOut ?? [message, 'Correct {setting}'];
  return new StartError(
    `The database at ${address} cannot be used: ${what}.`,
    `${remedy.replace('{setting}', setting)}${setting === DATABASE_URL ? '; without DATABASE_URL Stepwell runs a database of its own' : ''}.`,
    { cause: error },
  );
}
