/** G3: a terminal status never changes; and what has ended holds nothing any more. */
import { type Check, ENDED } from '../check.js';

const HOLDS: readonly (readonly [what: string, table: string, condition?: string])[] = [
  ['a step with another queue', 'dispatches'],
  ['a wait for an event', 'event_waits'],
  ['a permit', 'permits'],
  ['an open task', 'tasks', "x.status IN ('open', 'claimed')"],
];

export const TERMINAL: readonly Check[] = [
  {
    guarantee: 'G3',
    sentence: 'a run has ended if and only if its last fact, late attempts aside, says so, with the same status',
    sql: `SELECT r.tenant, r.id, r.status, j.type, j.payload ->> 'status' AS says FROM runs r JOIN LATERAL (
        SELECT type, payload FROM journal j WHERE j.tenant = r.tenant AND j.run_id = r.id AND j.type <> 'attempt.discarded' ORDER BY seq DESC LIMIT 1) j ON true
      WHERE r.id >= $since AND ((r.status IN ${ENDED}) <> (j.type = 'run.ended')
        OR j.type = 'run.ended' AND j.payload IS NOT NULL AND j.payload ->> 'status' IS DISTINCT FROM r.status)`,
  },
  {
    guarantee: 'G3',
    sentence: 'a run ends once',
    sql: `SELECT tenant, run_id, count(*) FROM journal WHERE run_id >= $since AND type = 'run.ended' GROUP BY tenant, run_id HAVING count(*) > 1`,
  },
  {
    guarantee: 'G3',
    sentence: 'a run has a time of its end if and only if it has ended',
    sql: `SELECT tenant, id, status, ended_at FROM runs WHERE id >= $since AND (status IN ${ENDED}) <> (ended_at IS NOT NULL)`,
  },
  ...HOLDS.map(([what, table, condition]): Check => ({
    guarantee: 'G3',
    sentence: `no run that has ended holds ${what}`,
    sql: `SELECT r.tenant, r.id, r.status FROM runs r JOIN ${table} x ON x.tenant = r.tenant AND x.run_id = r.id
        WHERE r.id >= $since AND r.status IN ${ENDED}${condition ? ` AND ${condition}` : ''}`,
  })),
  {
    guarantee: 'G3',
    sentence: 'the database itself refuses to change what has ended: its triggers are there, and on',
    sql: `SELECT name FROM unnest('{runs_terminal,tasks_terminal,runs_permit}'::text[]) name
      WHERE NOT EXISTS (SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = name AND c.relkind = 'p' AND t.tgenabled IN ('O', 'A'))
        OR EXISTS (SELECT FROM pg_trigger t WHERE t.tgname = name AND t.tgenabled NOT IN ('O', 'A'))`,
  },
];
