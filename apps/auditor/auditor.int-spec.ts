/** A check that finds nothing ever is no check: each is shown rows that contradict it, one lie at a time, in a database that holds them all. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/postgres/test-database.js';
import { audit, examine } from './audit.js';
import { CHECKS } from './checks/index.js';
import { readJournal } from './journal.js';

const at = (what: string) => `(SELECT id FROM made WHERE name = '${what}')`;

/** A run that has a bit of everything and has ended, one that waits for all there is, and one at work under a cap. */
const TRUTH = `
CREATE TEMP TABLE made AS SELECT name, uuidv7() AS id FROM unnest('{ended,waiting,working,child,record,fired,pressed,emitter,heard,event,task,answered,wait,worker,stranger}'::text[]) name;
INSERT INTO workers (id, host, pid, roles, queues, hosts, expires_at) SELECT id, 'here', 1, '{worker}', '{default}', '{any@1,capped@1,source@1}', now() + interval '1 minute' FROM made WHERE name = 'worker';
INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, wait_reasons, last_seq, started_by, lineage_root, due_at, ended_at, cause_run, parent_run, cause_event, worker, permit_key)
  SELECT 'default', ${at('ended')}, 'any', 1, 'any@1', 'default', 'completed', '{}'::text[], 5, 'api', ${at('ended')}, NULL::timestamptz, now(), NULL::uuid, NULL::uuid, NULL::uuid, NULL::uuid, NULL
  UNION ALL SELECT 'default', ${at('waiting')}, 'any', 1, 'any@1', 'default', 'waiting', '{task,timer,retry,key,event,dispatch,child}', 3, 'api', ${at('waiting')}, now() + interval '1 day', NULL, NULL, NULL, NULL, NULL, NULL
  UNION ALL SELECT 'default', ${at('working')}, 'capped', 1, 'any@1', 'default', 'running', '{}', 1, 'api', ${at('working')}, NULL, NULL, NULL, NULL, NULL, ${at('worker')}, 'k'
  UNION ALL SELECT 'default', ${at('child')}, 'any', 1, 'any@1', 'default', 'queued', '{}', 1, 'parent', ${at('child')}, NULL, NULL, ${at('waiting')}, ${at('waiting')}, NULL, NULL, NULL
  UNION ALL SELECT 'default', ${at('emitter')}, 'source', 1, 'any@1', 'default', 'completed', '{}', 3, 'api', ${at('emitter')}, NULL, now(), NULL, NULL, NULL, NULL, NULL
  UNION ALL SELECT 'default', ${at('record')}, 'any', 1, 'any@1', 'default', 'queued', '{}', 1, 'emitter', ${at('record')}, NULL, NULL, ${at('emitter')}, NULL, NULL, NULL, NULL
  UNION ALL SELECT 'default', ${at('fired')}, 'any', 1, 'any@1', 'default', 'queued', '{}', 1, 'schedule', ${at('fired')}, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  UNION ALL SELECT 'default', ${at('pressed')}, 'any', 1, 'any@1', 'default', 'queued', '{}', 1, 'schedule', ${at('pressed')}, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  UNION ALL SELECT 'default', ${at('heard')}, 'any', 1, 'any@1', 'default', 'queued', '{}', 1, 'event', ${at('heard')}, NULL, NULL, NULL, NULL, ${at('event')}, NULL, NULL
  UNION ALL SELECT 'acme', ${at('stranger')}, 'any', 1, 'any@1', 'default', 'queued', '{}', 1, 'api', ${at('stranger')}, NULL, NULL, NULL, NULL, NULL, NULL, NULL;
UPDATE runs SET needs = workflow || '@' || version;
UPDATE runs SET actor = '{"id": "ann"}' WHERE id = ${at('pressed')};
INSERT INTO journal (tenant, run_id, seq, type, payload) SELECT tenant, id, 1, 'run.started', '{"input": null}' FROM runs;
INSERT INTO journal (tenant, run_id, seq, type, path, payload)
  SELECT 'default', ${at('ended')}, 2, 'task.opened', 'ask', jsonb_build_object('taskId', ${at('answered')})
  UNION ALL SELECT 'default', ${at('ended')}, 3, 'task.completed', 'ask', jsonb_build_object('taskId', ${at('answered')}, 'answer', '"yes"'::jsonb)
  UNION ALL SELECT 'default', ${at('ended')}, 4, 'event.emitted', 'tell', jsonb_build_object('eventId', ${at('event')})
  UNION ALL SELECT 'default', ${at('ended')}, 5, 'run.ended', '', '{"status": "completed"}'
  UNION ALL SELECT 'default', ${at('waiting')}, 2, 'task.opened', 'ask', jsonb_build_object('taskId', ${at('task')})
  UNION ALL SELECT 'default', ${at('waiting')}, 3, 'child.started', 'child', jsonb_build_object('childId', ${at('child')})
  UNION ALL SELECT 'default', ${at('emitter')}, 2, 'batch.emitted', 'read', '{"batch": 0, "started": 1, "deduplicated": 0, "rejected": 0}'
  UNION ALL SELECT 'default', ${at('emitter')}, 3, 'run.ended', '', '{"status": "completed"}';
INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, form, status, answer, decided_by, ended_at)
  SELECT 'default', ${at('answered')}, ${at('ended')}, 'ask', '', 'any', 1, 'ask', 'Ask', '', '{}'::jsonb, 'completed', '"yes"'::jsonb, '{"id": "ann"}'::jsonb, now()
  UNION ALL SELECT 'default', ${at('task')}, ${at('waiting')}, 'ask', '', 'any', 1, 'ask', 'Ask', '', '{}', 'open', NULL, NULL, NULL;
INSERT INTO task_history (tenant, task_id, kind) VALUES ('default', ${at('answered')}, 'completed');
INSERT INTO events (tenant, id, name, source_run, source_path, routed) VALUES ('default', ${at('event')}, 'told', ${at('ended')}, 'tell', true);
INSERT INTO event_deliveries (tenant, event_id, consumer, workflow, status, run_id) VALUES ('default', ${at('event')}, 'start:any', 'any', 'started', ${at('heard')});
INSERT INTO event_waits (tenant, run_id, id, event, shape, key, since) VALUES ('default', ${at('waiting')}, ${at('wait')}, 'told', '{}', '', now());
INSERT INTO dispatches (tenant, id, run_id, path, iteration, attempt, queue, needs) VALUES ('default', uuidv7(), ${at('waiting')}, 'far', '', 1, 'gpu', 'any@1');
INSERT INTO caps VALUES ('capped', 1, 'wait');
INSERT INTO permits (tenant, workflow, key, number, run_id, held_until) VALUES ('default', 'capped', 'k', 0, ${at('working')}, 'wait');
INSERT INTO emissions VALUES ('default', 'source', 'r1', ${at('record')});
INSERT INTO emission_reads (tenant, emitter_run, batch, ordinal, emitter, outcome, record_key, run_id) VALUES ('default', ${at('emitter')}, 0, 0, 'source', 'started', 'r1', ${at('record')});
INSERT INTO slots (tenant, schedule, due_at, outcome, run_id) VALUES ('default', 'nightly', now(), 'fired', ${at('fired')});
UPDATE journal SET payload = '{"input": {"op": 1}}' WHERE run_id = ${at('waiting')} AND seq = 1;
INSERT INTO run_keys (tenant, workflow, key, run_id) VALUES ('default', 'any', 'k', ${at('waiting')});
UPDATE events SET idempotency_key = 'e';
INSERT INTO triggers (tenant, event, workflow, version) VALUES ('default', 'told', 'any', 1);
INSERT INTO journal (tenant, run_id, seq, type, path, payload) VALUES ('default', ${at('working')}, 2, 'signal.received', '', '{"name": "s", "payload": {"op": 4}}');
UPDATE runs SET last_seq = 2 WHERE id = ${at('working')};
UPDATE runs SET cancel_requested_at = now() WHERE id = ${at('child')};
INSERT INTO operations (op, kind, sent_at, about, acknowledged_at, tries, result)
  SELECT 1, 'start', now(), '{"workflow": "any", "key": "k"}'::jsonb, now(), 1, jsonb_build_object('runId', ${at('waiting')})
  UNION ALL SELECT 2, 'emit', now(), '{"name": "told", "key": "e"}', now(), 1, jsonb_build_object('eventId', ${at('event')})
  UNION ALL SELECT 3, 'decide', now(), jsonb_build_object('task', ${at('answered')}, 'answer', 'yes'), now(), 2, '{"won": true}'
  UNION ALL SELECT 4, 'signal', now(), jsonb_build_object('run', ${at('working')}), now(), 1, '{"won": true}'
  UNION ALL SELECT 5, 'cancel', now(), jsonb_build_object('run', ${at('child')}), now(), 1, '{"won": true}'
  UNION ALL SELECT 6, 'retry', now(), jsonb_build_object('run', ${at('ended')}), now(), 1, jsonb_build_object('won', true, 'id', ${at('ended')});
INSERT INTO faults_asked VALUES ('kill', 3);`;

const LONG_AGO = `now() - interval '2 minutes'`;
const OLD_ID = `uuid_floor(${LONG_AGO})`;
const waitingIs = (change: string) => `UPDATE runs SET ${change} WHERE id = ${at('waiting')}`;
const message = (run: string) => `INSERT INTO inbox (tenant, run_id, kind, dedupe_key) VALUES ('default', ${run}, 'signal.received', 's')`;
const fact = (run: string, seq: number, type: string, path: string, payload = 'NULL') =>
  `INSERT INTO journal (tenant, run_id, seq, type, path, payload) VALUES ('default', ${at(run)}, ${seq}, '${type}', '${path}', ${payload})`;

/** A time of the day that comes twice when the clock goes back, in a schedule that has its times since then. */
const twiceIn = (
  ruleSince: string,
) => `INSERT INTO schedules (tenant, id, workflow, cron, zone, overlap, catch_up, settled_until, rule_since) VALUES ('default', 'nightly', 'any', '30 2 * * *', 'Europe/Berlin', 'allow', 'all', now(), '${ruleSince}');
    INSERT INTO slots (tenant, schedule, due_at, outcome, reason) VALUES ('default', 'nightly', '2026-10-25T00:30:00Z', 'skipped', 'missed'), ('default', 'nightly', '2026-10-25T01:30:00Z', 'skipped', 'missed')`;

/** A schedule that began an hour ago and is settled, and its slots so many minutes after that. */
const evenly = (cron: string, minutes: readonly number[], until = Math.max(...minutes), reason = 'missed') =>
  `INSERT INTO schedules (tenant, id, workflow, cron, zone, overlap, catch_up, settled_until, rule_since)
      SELECT 'default', 'even', 'any', '${cron}', 'Europe/Berlin', 'skip', 'latest', began + interval '${until} minutes', began FROM (SELECT date_trunc('hour', now()) - interval '1 hour' AS began);
    INSERT INTO slots (tenant, schedule, due_at, outcome, reason)
      SELECT 'default', 'even', date_trunc('hour', now()) - interval '1 hour' + minute * interval '1 minute', 'skipped', '${reason}' FROM unnest('{${minutes.join(',')}}'::float8[]) minute`;

/** A schedule with one time on every day that began so many days ago, and its slots so many days ago. */
const daily = (began: number, days: readonly number[], reason = 'missed') =>
  `INSERT INTO schedules (tenant, id, workflow, cron, zone, overlap, catch_up, settled_until, rule_since)
      VALUES ('default', 'daily', 'any', '0 30 2 * * *', 'Europe/Berlin', 'allow', 'all', now(), now() - interval '${began} days');
    INSERT INTO slots (tenant, schedule, due_at, outcome, reason)
      SELECT 'default', 'daily', (date_trunc('day', now() AT TIME ZONE 'Europe/Berlin') - day * interval '1 day' + interval '150 minutes') AT TIME ZONE 'Europe/Berlin', 'skipped', '${reason}'
      FROM unnest('{${days.join(',')}}'::int[]) day`;
const EACH_DAY = 'a fixed time of every day has a slot on the last day of its zone, fired or skipped';

/** One lie for each check. */
const LIES: Readonly<Record<string, string>> = {
  'a waiting run names what it waits for': waitingIs(`wait_reasons = '{luck}'`),
  'what a run waits for is there: task': "DELETE FROM tasks WHERE status = 'open'",
  'what a run waits for is there: timer': waitingIs(`due_at = NULL, wait_reasons = '{timer}'`),
  'what a run waits for is there: retry': waitingIs(`due_at = NULL, wait_reasons = '{retry}'`),
  'what a run waits for is there: key': waitingIs(`due_at = NULL, wait_reasons = '{key}'`),
  'what a run waits for is there: event': 'DELETE FROM event_waits',
  'what a run waits for is there: dispatch': 'DELETE FROM dispatches',
  'what a run waits for is there: child': `UPDATE runs SET status = 'failed' WHERE id = ${at('child')}`,
  'no run waits while a message that it may read lies in its inbox': message(at('waiting')),
  'nobody speaks to a run that is not there': message('uuidv7()'),
  'the runs of a worker that is gone were taken over': `UPDATE runs SET worker = uuidv7() WHERE id = ${at('working')}`,
  'a run whose time is due goes on, where a living worker has its version': waitingIs(`due_at = ${LONG_AGO}`),
  'what one run says to another is delivered': `INSERT INTO outbox (tenant, id, run_id, kind, dedupe_key) VALUES ('default', ${OLD_ID}, ${at('waiting')}, 'child.ended', 'c')`, // prettier-ignore
  'at rest: no run is queued or running': 'SELECT 1',
  'at rest: no message waits to be read or delivered, but what is held or said to a paused run': message(at('child')),
  'each journal begins with its start and has no gap up to the last fact of its run': `DELETE FROM journal WHERE run_id = ${at('ended')} AND seq = 3`,
  'no fact belongs to no run': `DELETE FROM runs WHERE id = ${at('stranger')}`,
  'no large payload is missing': `UPDATE journal SET payload = NULL, payload_blob = 'abc' WHERE run_id = ${at('ended')} AND seq = 1`,
  'each node comes to its output, choice, task, event or child once, unless the run was opened again in between': `${fact('ended', 6, 'step.completed', 'x')}; ${fact('ended', 7, 'step.completed', 'x')}`, // prettier-ignore
  'a step that has completed is not tried again, unless the run was opened again in between': `${fact('ended', 6, 'step.completed', 'x')}; ${fact('ended', 7, 'attempt.failed', 'x')}`, // prettier-ignore
  'what a parent started is a run, and a child has the fact that started it': `UPDATE runs SET cause_run = ${at('ended')} WHERE id = ${at('child')}`,
  'a run has ended if and only if its last fact, late attempts aside, says so, with the same status': `UPDATE runs SET status = 'failed' WHERE id = ${at('ended')}`, // prettier-ignore
  'a run ends once': fact('ended', 6, 'run.ended', '', `'{"status": "completed"}'`),
  'a run has a time of its end if and only if it has ended': `UPDATE runs SET ended_at = NULL WHERE id = ${at('ended')}`,
  'no run that has ended holds a step with another queue': `UPDATE dispatches SET run_id = ${at('ended')}`,
  'no run that has ended holds a wait for an event': `UPDATE event_waits SET run_id = ${at('ended')}`,
  'no run that has ended holds a permit': `UPDATE permits SET run_id = ${at('ended')}`,
  'no run that has ended holds an open task': `UPDATE tasks SET run_id = ${at('ended')} WHERE status = 'open'`,
  'the database itself refuses to change what has ended: its triggers are there, and on': 'ALTER TABLE runs DISABLE TRIGGER runs_terminal',
  'each event that a run says it has emitted is there, and each event of a run has the fact of its journal that it came with':
    'DELETE FROM events',
  'each delivery that started a run has that run, and each run of an event its delivery': 'DELETE FROM event_deliveries',
  'a run takes an event once, unless it was opened again in between': [6, 7].map((seq) => fact('ended', seq, 'event.consumed', `w${seq}`, `'{"eventId": "e"}'`)).join(';'), // prettier-ignore
  'events are routed': `UPDATE events SET routed = false, emitted_at = ${LONG_AGO}`,
  'a run that listens is told': `UPDATE event_deliveries SET status = 'pending', workflow = NULL, next_attempt_at = ${LONG_AGO}`,
  'a wait that was looked after knows each event that fits it, also one that came before it': `UPDATE events SET payload = '{}', emitted_at = ${LONG_AGO}; UPDATE event_waits SET looked_up = true, since = ${LONG_AGO}, key = match_key('{}', shape)`,
  'what listens belongs to a run that lives': 'UPDATE event_waits SET run_id = uuidv7()',
  'at rest: no event waits to be routed, no delivery to be decided': 'UPDATE events SET routed = false',
  'each task was opened by the journal of its run, and each opening has its task': `UPDATE tasks SET run_id = ${at('child')} WHERE status = 'open'`,
  'each decision is known to its run as it was made, or on its way there; no run knows one that nobody made': `UPDATE tasks SET answer = '"no"' WHERE status = 'completed'`, // prettier-ignore
  'a task is decided once: no second decision that was not taken back before': `INSERT INTO task_history (tenant, task_id, kind) VALUES ('default', ${at('answered')}, 'completed')`, // prettier-ignore
  'a run hears of the end of a task once': fact(
    'ended',
    6,
    'task.completed',
    'y',
    `jsonb_build_object('taskId', ${at('answered')}, 'answer', '"yes"'::jsonb)`,
  ),
  'who has decided stands in each completed task, and nobody holds it': `UPDATE tasks SET decided_by = NULL WHERE status = 'completed'`,
  'each slot that fired has its run, and each run of a schedule its slot': 'DELETE FROM slots',
  'no run was started by two slots': `INSERT INTO slots (tenant, schedule, due_at, outcome, run_id) VALUES ('default', 'nightly', now() + interval '1 s', 'fired', ${at('fired')})`, // prettier-ignore
  'a fixed time of the day comes once on each day of its zone, also when the clock goes back': twiceIn('2026-10-01'),
  'a schedule with even distances has a slot at each of them, fired or skipped, up to where it is settled (of the last day)': evenly('*/2 * * * *', [2, 4, 8]), // prettier-ignore
  [EACH_DAY]: daily(9, [5, 4, 3, 2]),
  'a slot that did not fire says why': `INSERT INTO slots (tenant, schedule, due_at, outcome) VALUES ('default', 'nightly', now() + interval '1 s', 'skipped')`, // prettier-ignore
  'each record that was started has its run, and each run of an emitter the record that it was started for': `DELETE FROM runs WHERE id = ${at('record')}`, // prettier-ignore
  'no record was started twice': `INSERT INTO emission_reads (tenant, emitter_run, batch, ordinal, emitter, outcome, record_key, run_id) VALUES ('default', ${at('emitter')}, 0, 1, 'source', 'started', 'r1', ${at('record')})`, // prettier-ignore
  'a record that was started, or known already, names the run that has its key': `UPDATE emissions SET run_id = ${at('child')}`,
  'each batch stands once in the journal of its emitter run, in order, with the numbers of its rows in the ledger': `UPDATE emission_reads SET outcome = 'rejected'`, // prettier-ignore
  'no more permits are held than the cap has places (a limit that was lowered shows here until they are given back)': `INSERT INTO permits (tenant, workflow, key, number, run_id, held_until) VALUES ('default', 'capped', 'k', 1, ${at('child')}, 'wait')`, // prettier-ignore
  'each permit is held by a run that is at work, or lives where it counts lives': `UPDATE permits SET run_id = ${at('child')}`,
  'each run at work under a cap holds a permit, unless it is only being canceled': 'DELETE FROM permits',
  'a run has a holder if and only if it is running': `UPDATE runs SET worker = NULL WHERE id = ${at('working')}`,
  'a step on another queue has a holder if and only if it is running, and its run lives': `UPDATE dispatches SET status = 'running'`,
  'each run that lives needs the version that it is of, so that it says so when nobody takes that': waitingIs(`needs = 'any@2'`),
  'each run that is at work is so where its version is taken': `UPDATE workers SET hosts = '{any@1,capped@2}'`,
  'no row refers to a run, an event or a task of another tenant': `UPDATE runs SET cause_run = ${at('stranger')} WHERE id = ${at('waiting')}`,
  'the database had to end no circle of locks': `CREATE TEMP TABLE pg_stat_database AS SELECT current_database() AS datname, 1 AS deadlocks; SET LOCAL search_path = pg_temp, public, pg_catalog`,
  'no fact and no payload stands with a run of another tenant': `UPDATE journal SET tenant = 'default' WHERE tenant = 'acme'`,
  'each start that was acknowledged is the run that was named, and its key leads to it': 'DELETE FROM run_keys',
  'no start that was asked for, however often, came to two runs': `UPDATE journal SET payload = '{"input": {"op": 1}}' WHERE run_id = ${at('ended')} AND seq = 1`,
  'each event that was acknowledged is there, was routed, and was delivered once to each workflow that starts on it':
    'DELETE FROM event_deliveries',
  'an event that was asked for under one key started no listener of its own twice, where that takes each key once': `INSERT INTO events (tenant, id, name, idempotency_key, routed)
      SELECT 'default', id, 'told', 'e', true FROM made WHERE name IN ('task', 'wait');
    INSERT INTO event_deliveries (tenant, event_id, consumer, workflow, status, run_id) VALUES ('default', ${at('task')}, 'start:any', 'any', 'started', ${at('record')}), ('default', ${at('wait')}, 'start:any', 'any', 'duplicate', ${at('heard')})`,
  'each decision that was acknowledged is the decision of its task, or was taken back': `UPDATE tasks SET answer = '"no"' WHERE status = 'completed'`,
  'of those who decided one task, one was told that it was so, and nobody was refused a task that is open, but for those that were taken back': `INSERT INTO operations SELECT 7, kind, sent_at, about, acknowledged_at, tries, result FROM operations WHERE op = 3`,
  'each signal that was acknowledged is a fact of its run or lies in its inbox, at least once and not more often than it was sent': `DELETE FROM journal WHERE type = 'signal.received'`,
  'who was told that a run has ended was told so behind its end, and it has stayed ended': `UPDATE operations SET result = '{"won": false, "code": "RUN_ENDED"}' WHERE op = 4`,
  'who came too late to decide a task was given its decision, if he was given any, and it has stayed that, or was taken back': `INSERT INTO operations SELECT 7, kind, sent_at, about, acknowledged_at, tries, '{"won": false, "code": "TASK_CLOSED", "answer": "no"}' FROM operations WHERE op = 3`,
  'each cancel that was acknowledged holds: its run is canceled or about to be, or had ended before':
    'UPDATE runs SET cancel_requested_at = NULL',
  'each retry that was acknowledged is the one run that retries, or the run itself, or the one that was put in its place': `UPDATE operations SET result = '{"won": true, "id": "another"}' WHERE op = 6`,
  'nine in ten of what was asked was acknowledged, also of each kind that was asked often: with less, nothing was shown':
    'UPDATE operations SET acknowledged_at = NULL WHERE op = 1',
  'each fault that was asked for has happened: with less, nothing was shown': 'UPDATE faults_asked SET fired = 0',
};

describe('the auditor', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await readJournal(client, '/dev/null');
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });
  const options = { graceMs: 60_000, isAtRest: true, hasJournal: true, isAlone: true, most: 3 };

  /** What is broken once a statement has been made in the true database; nothing of it stays. */
  const brokenBy = async (lie: string, more: { readonly since?: Date } = {}) => {
    await client.query('BEGIN');
    try {
      // The triggers refuse most of the lies.
      await client.query(`SET LOCAL session_replication_role = replica; ${TRUTH}`);
      await client.query(lie);
      const { findings } = await examine(client, { ...options, ...more });
      return findings.filter(({ outcome }) => outcome === 'broken').map(({ check }) => check.sentence);
    } finally {
      await client.query('ROLLBACK');
    }
  };

  it('has a lie for each check, and a check for each lie', () => {
    expect(Object.keys(LIES).sort()).toEqual(CHECKS.map(({ sentence }) => sentence).sort());
  });

  it('finds nothing where all is true, but that it is not at rest', async () => {
    expect(await brokenBy('SELECT 1')).toEqual(['at rest: no run is queued or running']);
  });

  it.each(Object.keys(LIES))('finds out what contradicts: %s', async (sentence) => {
    expect(await brokenBy(LIES[sentence] ?? '')).toContain(sentence);
  });

  it('judges the slots of a schedule by the times that it had when they fell due', async () => {
    const sentence = 'a fixed time of the day comes once on each day of its zone, also when the clock goes back';
    expect(await brokenBy(twiceIn('2026-10-01'))).toContain(sentence);
    // An interval until then, for which the hour comes twice.
    expect(await brokenBy(twiceIn('2026-11-01'))).not.toContain(sentence);
  });

  it.each([
    ['{"a": 1, "b": "two"}', '{a}', true],
    ['{"a": {"deep": [1, null, "\\"x\\""]}, "b": 1.50, "c": "é"}', '{a,b,c}', true],
    ['{"a": null}', '{a}', true],
    ['[1]', '{}', true],
    ['{"b": 1}', '{a}', false],
    ['[1]', '{a}', false],
  ])('finds the event that a wait was not told of by what it matches, as the product does: %s by %s', async (payload, shape, isThere) => {
    const wait = `UPDATE events SET payload = '${payload}', emitted_at = ${LONG_AGO};
      UPDATE event_waits SET looked_up = true, since = ${LONG_AGO}, shape = '${shape}', key = coalesce(match_key('${payload}', '${shape}'), 'none')`;
    const broken = await brokenBy(wait);
    expect(broken.includes('a wait that was looked after knows each event that fits it, also one that came before it')).toBe(isThere);
  });

  it('takes an answer by default for what a run waits for, until it has been told', async () => {
    const sentence = 'what a run waits for is there: task';
    const answered = `UPDATE tasks SET status = 'completed', answer = '"no"', decided_by = '{"id": "escalation"}', ended_at = now() WHERE id = ${at('task')}`;
    const onItsWay = `INSERT INTO outbox (tenant, run_id, kind, dedupe_key) VALUES ('default', ${at('waiting')}, 'task.completed', 'task:' || ${at('task')})`;
    expect(await brokenBy(answered)).toContain(sentence);
    expect(await brokenBy(`${answered}; ${onItsWay}`)).not.toContain(sentence);
  });

  it('believes those who were told of what has come of a decision, an event or a run since then', async () => {
    const [decided, emitted, retried] = [
      'each decision that was acknowledged is the decision of its task, or was taken back',
      'each event that was acknowledged is there, was routed, and was delivered once to each workflow that starts on it',
      'each retry that was acknowledged is the one run that retries, or the run itself, or the one that was put in its place',
    ];
    const failed = `UPDATE event_deliveries SET status = 'failed'`;
    for (const [lie, more, sentence] of [
      [LIES[decided] ?? '', `INSERT INTO task_history (tenant, task_id, kind) VALUES ('default', ${at('answered')}, 'undone')`, decided],
      [failed, `UPDATE operations SET about = about || '{"mayBeRefused": true}' WHERE kind = 'emit'`, emitted],
      [LIES[retried] ?? '', `UPDATE runs SET letter = '{"as": "reinjected", "runId": "another"}' WHERE id = ${at('ended')}`, retried],
      [
        `UPDATE operations SET about = about - 'key' WHERE kind = 'start'; DELETE FROM run_keys`,
        '',
        'each start that was acknowledged is the run that was named, and its key leads to it',
      ],
    ] as const) {
      if (more !== '') expect(await brokenBy(lie)).toContain(sentence);
      expect(await brokenBy(`${lie}; ${more}`)).not.toContain(sentence);
    }
  });

  it.each([
    ['* * * * *', [1, 2, 4], 4, true],
    ['*/5 * * * * *', [1, 1 + 5 / 60, 1 + 15 / 60], 2, true],
    ['0 */10 * * * *', [10, 30], 30, true],
    // Settled further than its slots go.
    ['*/10 * * * *', [10, 20], 30, true],
    ['*/10 * * * *', [10, 20], 29, false],
    // Behind what is held there are slots, and more will come before them.
    ['*/10 * * * *', [10, 20, 50], 20, false],
    ['*/5 * * * * *', [1, 1 + 5 / 60, 1 + 10 / 60], 1 + 10 / 60, false],
    // Not at even distances: every seven minutes of an hour.
    ['*/7 * * * *', [7, 14, 28], 28, false],
    ['30 2 * * *', [10, 30], 30, false],
  ])('knows which slots a schedule has to have: %s at minutes %j, settled until %d', async (cron, minutes, until, isBroken) => {
    const sentence =
      'a schedule with even distances has a slot at each of them, fired or skipped, up to where it is settled (of the last day)';
    expect((await brokenBy(evenly(cron, minutes, until))).includes(sentence)).toBe(isBroken);
    expect(await brokenBy(evenly(cron, minutes, Math.max(...minutes), 'missed, as were 3 slots before it'))).not.toContain(sentence);
  });

  it.each([
    ['each of them', 400, Array.from({ length: 401 }, (_, day) => day), false],
    ['each that retention has left', 400, [4, 3, 2, 1, 0], false],
    ['those that retention has left, one of which is long ago', 400, [60, 4, 3, 2, 1, 0], false],
    ['none of today and yesterday', 400, [4, 3, 2], true],
    ['none, of one that began long ago', 400, [], true],
    ['none, of one that has just begun', 0, [], false],
  ])('knows that a schedule of every day has its slot on each: %s', async (_, began, days, isBroken) => {
    expect((await brokenBy(daily(began, days))).includes(EACH_DAY)).toBe(isBroken);
  });

  it('takes one row for the days before it when it says so', async () => {
    expect(await brokenBy(daily(400, [-1]))).toContain(EACH_DAY);
    expect(await brokenBy(daily(400, [-1], 'missed, as were 9 slots before it'))).not.toContain(EACH_DAY);
  });

  it.each([
    'a slot that did not fire says why',
    'a fixed time of the day comes once on each day of its zone, also when the clock goes back',
  ])('looks no further back than it is told: %s', async (sentence) => {
    const long = `${LIES[sentence] ?? ''}; UPDATE slots SET settled_at = now() - interval '1 day' WHERE outcome = 'skipped'`;
    expect(await brokenBy(long)).toContain(sentence);
    expect(await brokenBy(long, { since: new Date(Date.now() - 3_600_000) })).not.toContain(sentence);
  });

  it('says that it has shown nothing in an empty database, and asks of living workers only where there are some', async () => {
    const { counts, findings } = await audit(client, { ...options, isAtRest: false, hasJournal: false });
    expect(counts).toMatchObject({ runs: 0, workers: 0 });
    expect(findings.filter(({ outcome }) => outcome === 'skipped').every(({ check }) => check.when !== undefined)).toBe(true);
    expect(findings.some(({ outcome }) => outcome === 'broken')).toBe(false);
  });

  it.each([
    [['--database-url', 'DATABASE'], 2, 'There is no run: nothing was shown.'],
    [['--database-url', 'DATABASE', '--since', 'soon'], 2, '"soon" is no time'],
    [['--help'], 0, 'npm run audit'],
    [[], 2, 'Say which database'],
    [['--database-url', 'postgres://nobody@127.0.0.1:1/none'], 2, /^The database of --database-url could not be asked: .*ECONNREFUSED/],
    [
      ['--database-url', 'DATABASE', '--journal', 'nowhere.jsonl'],
      2,
      /^The journal cannot be read: ENOENT.*nowhere\.jsonl'\. What there is/,
    ],
    [['--database-url', 'DATABASE', '--journal', 'package.json'], 2, /^package\.json:1 is no JSON: \{/],
    [['--what'], 2, "Unknown option '--what'"],
  ] as const)('is a command: %j', (words, code, says) => {
    expect(call(words)).toEqual([code, typeof says === 'string' ? expect.stringContaining(says) : expect.stringMatching(says)]);
  });

  it('blames no database for a fault of its own, and shows where that is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stepwell-auditor-'));
    const fault = join(folder, 'fault.mjs');
    const pgFile = createRequire(import.meta.url).resolve('pg');
    writeFileSync(fault, `import pg from '${pgFile}'; pg.Client.prototype.query = () => { throw new TypeError('a fault'); };`);
    const [code, said] = call(['--database-url', 'DATABASE'], ['--import', fault]);
    expect(code).toBe(2);
    expect(said).toMatch(/^TypeError: a fault\n +at .*\n[^]* at look .*apps\/auditor\/main\.ts/);
    rmSync(folder, { recursive: true });
  });

  /** @returns the exit code and what it said */
  function call(words: readonly string[], node: readonly string[] = []): [number | null, string] {
    const { DATABASE_URL: _, ...env } = process.env;
    const loader = ['--no-warnings', '--import', '@swc-node/register/esm-register', ...node, 'apps/auditor/main.ts'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...loader, ...words.map((word) => (word === 'DATABASE' ? database.url : word))], { env, encoding: 'utf8' }); // prettier-ignore
    return [status, stdout + stderr];
  }
});
