import pg from 'pg';

export interface PoolOptions {
  readonly url: string;
  readonly max: number;
  readonly applicationName: string;
}

/**
 * The pool of the hot statements. Generic plans: with automatic ones Postgres plans anew for each array and, with statistics from an
 * empty table, picks sequential scans; measured, that costs a factor of three to ten. A backend whose client has gone ends itself.
 */
export function createPool({ url, max, applicationName }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: applicationName,
    options: '-c plan_cache_mode=force_generic_plan -c client_connection_check_interval=5000 -c idle_in_transaction_session_timeout=10000',
  });
  // An idle connection that breaks is replaced when it is next needed; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
