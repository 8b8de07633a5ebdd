/** G1: every accepted run ends, or names what it waits for; and what it waits for is there. */
import { type Check, ENDED } from '../check.js';

/** A reason, and what has to be there for it. Of the others (a result from outside, a signal, a checkpoint) nothing is stored but the reason. */
const AWAITED: readonly (readonly [reason: string, isThere: string])[] = [
  [
    'task',
    `EXISTS (SELECT FROM tasks t WHERE t.tenant = r.tenant AND t.run_id = r.id AND (t.status IN ('open', 'claimed')
       OR EXISTS (SELECT FROM inbox i WHERE i.tenant = r.tenant AND i.run_id = r.id AND i.dedupe_key = 'task:' || t.id)
       OR EXISTS (SELECT FROM outbox o WHERE o.tenant = r.tenant AND o.run_id = r.id AND o.dedupe_key = 'task:' || t.id)))`,
  ],
  ['timer', 'r.due_at IS NOT NULL'],
  ['retry', 'r.due_at IS NOT NULL'],
  ['key', 'r.due_at IS NOT NULL'],
  ['event', 'EXISTS (SELECT FROM event_waits w WHERE w.tenant = r.tenant AND w.run_id = r.id)'],
  ['dispatch', 'EXISTS (SELECT FROM dispatches d WHERE d.tenant = r.tenant AND d.run_id = r.id)'],
  [
    'child',
    `(EXISTS (SELECT FROM runs c WHERE c.tenant = r.tenant AND c.parent_run = r.id AND c.status NOT IN ${ENDED})
      OR EXISTS (SELECT FROM outbox o WHERE o.tenant = r.tenant AND o.run_id = r.id AND o.kind IN ('child.ended', 'children.ended')))`,
  ],
];
const REASONS = [
  'task',
  'timer',
  'retry',
  'async-result',
  'dispatch',
  'event',
  'signal',
  'child',
  'verification',
  'key',
  'checkpoint',
  'incident',
];
const WORKERS = `(SELECT * FROM workers w WHERE w.ended_at IS NULL AND w.expires_at > clock_timestamp())`;

export const ENDS: readonly Check[] = [
  {
    guarantee: 'G1',
    sentence: 'a waiting run names what it waits for',
    sql: `SELECT tenant, id, workflow, wait_reasons FROM runs
      WHERE id >= $since AND status = 'waiting' AND (wait_reasons = '{}' OR NOT wait_reasons <@ '{${REASONS.join(',')}}'::text[])`,
  },
  ...AWAITED.map(([reason, isThere]): Check => ({
    guarantee: 'G1',
    sentence: `what a run waits for is there: ${reason}`,
    sql: `SELECT r.tenant, r.id, r.workflow, r.wait_reasons, r.due_at FROM runs r
        WHERE r.id >= $since AND r.status = 'waiting' AND '${reason}' = ANY(r.wait_reasons) AND NOT ${isThere}`,
  })),
  {
    guarantee: 'G1',
    sentence: 'no run waits while a message that it may read lies in its inbox',
    sql: `SELECT r.tenant, r.id, i.kind, i.at FROM runs r JOIN inbox i ON i.tenant = r.tenant AND i.run_id = r.id
      WHERE r.id >= $since AND r.status = 'waiting' AND (i.held_until IS NULL OR i.held_until < $late)`,
  },
  {
    guarantee: 'G1',
    sentence: 'nobody speaks to a run that is not there',
    sql: 'SELECT i.tenant, i.run_id, i.kind FROM inbox i WHERE NOT EXISTS (SELECT FROM runs r WHERE r.tenant = i.tenant AND r.id = i.run_id)',
  },
  {
    guarantee: 'G1',
    sentence: 'the runs of a worker that is gone were taken over',
    when: 'at-work',
    sql: `SELECT r.tenant, r.id, r.workflow, r.worker, w.expires_at FROM runs r LEFT JOIN workers w ON w.id = r.worker
      WHERE r.status = 'running' AND (w.id IS NULL OR coalesce(w.ended_at, w.expires_at) < $late)`,
  },
  {
    guarantee: 'G1',
    sentence: 'a run whose time is due goes on, where a living worker has its version',
    when: 'at-work',
    sql: `SELECT r.tenant, r.id, r.workflow, r.wait_reasons, r.due_at FROM runs r
      WHERE r.status = 'waiting' AND r.due_at < $late AND r.permit_key IS NULL
        AND EXISTS (SELECT FROM ${WORKERS} w WHERE r.queue = ANY(w.queues) AND r.needs = ANY(w.hosts))`,
  },
  {
    guarantee: 'G1',
    sentence: 'what one run says to another is delivered',
    when: 'at-work',
    sql: 'SELECT o.tenant, o.run_id, o.kind FROM outbox o WHERE o.id < uuid_floor($late)',
  },
  {
    guarantee: 'G1',
    sentence: 'at rest: no run is queued or running',
    when: 'at-rest',
    sql: `SELECT tenant, id, workflow, status, needs FROM runs WHERE id >= $since AND status IN ('queued', 'running')`,
  },
  {
    guarantee: 'G1',
    sentence: 'at rest: no message waits to be read or delivered, but what is held or said to a paused run',
    when: 'at-rest',
    sql: `SELECT i.tenant, i.run_id, i.kind FROM inbox i JOIN runs r ON r.tenant = i.tenant AND r.id = i.run_id
        WHERE r.status <> 'paused' AND i.held_until IS NULL
      UNION ALL SELECT tenant, run_id, kind FROM outbox`,
  },
];
