/**
 * Which workflow versions listen to which events, as the code of this process says at its start.
 *
 * Locks: an advisory lock, so that processes that start together register one after the other; then the triggers. Run it in a
 * transaction, lock first.
 * What would lose events is never done: an older version that starts once more in a rolling deploy neither turns off nor turns back what
 * a newer one listens to; it turns on again what it listens to itself. The price: a listener that nobody hosts any more may stay on
 * until the newer version starts next; its deliveries stay pending, and visible.
 */
import { type Sql, statement } from '../sql.js';

export interface Trigger {
  readonly event: string;
  readonly workflow: string;
  readonly version: number;
  readonly once: boolean;
}

export interface HostedVersion {
  readonly workflow: string;
  readonly version: number;
}

export const LOCK_TRIGGERS = statement('lock-triggers', `SELECT pg_advisory_xact_lock(hashtext('stepwell.triggers'))`);

export const REGISTER_TRIGGERS = statement(
  'register-triggers',
  `WITH listening AS (
     SELECT * FROM unnest($2::text[], $3::text[], $4::int[], $5::bool[]) AS l(event, workflow, version, once)),
   gone AS (
     UPDATE triggers t SET active = false
     FROM unnest($6::text[], $7::int[]) AS h(workflow, version)
     WHERE t.tenant = $1 AND t.workflow = h.workflow AND t.active AND t.version <= h.version
       AND NOT EXISTS (SELECT FROM listening l WHERE l.event = t.event AND l.workflow = t.workflow))
   INSERT INTO triggers (tenant, event, workflow, version, once)
   SELECT $1, event, workflow, version, once FROM listening
   ON CONFLICT (tenant, event, workflow) DO UPDATE SET version = excluded.version, once = excluded.once, active = true
   WHERE NOT triggers.active OR triggers.version <= excluded.version`,
);

/** @param hosted all workflows of this process, also those that listen to nothing (any more) */
export async function registerTriggers(
  sql: Sql,
  tenant: string,
  triggers: readonly Trigger[],
  hosted: readonly HostedVersion[],
): Promise<void> {
  await sql.query(LOCK_TRIGGERS, []);
  await sql.query(REGISTER_TRIGGERS, [
    tenant,
    triggers.map((one) => one.event),
    triggers.map((one) => one.workflow),
    triggers.map((one) => one.version),
    triggers.map((one) => one.once),
    hosted.map((one) => one.workflow),
    hosted.map((one) => one.version),
  ]);
}
