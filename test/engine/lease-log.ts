/**
 * Counts granted leases from the database's own log: a trigger writes down each lease that is granted or given up, in the commit that
 * does it. A lease that was granted because another had been given up was logged after it, so the running sum is never higher than what
 * was held at a time.
 */
import type pg from 'pg';

/** Makes the log, and has it written from now on. */
export const LEASE_LOG = `
  CREATE TABLE lease_log (id bigserial, gate text, run_id uuid, at timestamptz DEFAULT clock_timestamp(), change int, is_end boolean);
  CREATE FUNCTION log_lease() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO lease_log (gate, run_id, change, is_end) VALUES (NEW.tenant || '/' || NEW.workflow || '/' || NEW.permit_key, NEW.id,
      CASE NEW.status WHEN 'running' THEN 1 ELSE -1 END, NEW.status IN ('completed', 'failed', 'canceled'));
    RETURN NULL;
  END $$;
  CREATE TRIGGER log_lease AFTER UPDATE ON runs FOR EACH ROW
    WHEN (NEW.permit_key IS NOT NULL AND OLD.status <> NEW.status AND (OLD.status = 'running' OR NEW.status = 'running'))
    EXECUTE FUNCTION log_lease();`;

const GRANTED = 'SELECT gate, at, id, change FROM lease_log';
const ALIVE = `SELECT gate, min(at) AS at, min(id) AS id, 1 AS change FROM lease_log WHERE change = 1 GROUP BY gate, run_id
  UNION ALL SELECT gate, at, id, -1 FROM lease_log WHERE is_end`;
const MOST = (changes: string): string => `SELECT gate, max(held)::int AS most FROM (
    SELECT gate, sum(change) OVER (PARTITION BY gate ORDER BY at, id) AS held FROM (${changes}) c) s
  GROUP BY gate ORDER BY gate`;

/** The most leases that were held at a time, as rows of `gate` (tenant/workflow/key) and `most`. */
export const MOST_LEASES = MOST(GRANTED);
/** Likewise the most runs that were alive. */
export const MOST_ALIVE = MOST(ALIVE);

export async function logLeases(pool: pg.Pool): Promise<void> {
  await pool.query(LEASE_LOG);
}

/** The most leases that were held at a time, by gate (tenant/workflow/key). */
export function mostLeases(pool: pg.Pool): Promise<Readonly<Record<string, number>>> {
  return mostOf(pool, MOST_LEASES);
}

/** The most runs that were alive at a time, from their first lease to their end. */
export function mostAlive(pool: pg.Pool): Promise<Readonly<Record<string, number>>> {
  return mostOf(pool, MOST_ALIVE);
}

async function mostOf(pool: pg.Pool, text: string): Promise<Readonly<Record<string, number>>> {
  const { rows } = await pool.query<{ gate: string; most: number }>(text);
  return Object.fromEntries(rows.map(({ gate, most }) => [gate, most]));
}
