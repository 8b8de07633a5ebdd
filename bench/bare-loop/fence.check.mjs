// Shows that the bare loop's statements are sound, on a real server, before it is used as a measure. Ends with code 1 if they are not.
//
//   zombie     A worker's flush takes its snapshot and then waits for a row that is being given to another worker. When it gets the row, its
//              lease is gone: it must write nothing for that run, and all it has for the run beside it.
//   take-over  A worker's flush has written a step but not committed. Whoever takes the run over must wait for it, and read that step.
//
// Sessions are stopped at their locks by holding these locks, never by waiting for a while.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { claim, requeueExpired } from './claim.mjs';
import { flush } from './flush.mjs';
import { STATUS, createTables } from './schema.mjs';

const { values } = parseArgs({ options: { 'database-url': { type: 'string' } } });
const [oldWorker, newWorker, observer] = await Promise.all(Array.from({ length: 3 }, () => connect(values['database-url'])));
await createTables(observer);

const fact = (run, seq) => ({ id: run.id, epoch: run.epoch, seq, name: `s${seq}`, output: '{}', nextStatus: STATUS.running, wakeAt: null });

await zombieIsFenced();
await takeOverReadsWhatWasCommitted();
await Promise.all([oldWorker.end(), newWorker.end(), observer.end()]);
process.stdout.write('The fence holds: a zombie writes nothing, and a take-over reads every committed step.\n');

async function zombieIsFenced() {
  const [lost, kept] = await claimTwoRuns('old');
  await expire(lost);
  await newWorker.query('BEGIN');
  await requeueExpired(newWorker);
  const [taken] = await claim(newWorker, 'new', 1);
  assert.equal(taken.id, lost.id);

  const flushed = flush(oldWorker, 'old', [fact(lost, 1), fact(kept, 1)]);
  await untilBlocked(oldWorker);
  await newWorker.query('COMMIT');

  assert.deepEqual(await flushed, ['fenced', 'committed']);
  assert.deepEqual(await stepsOf(lost), [], 'a zombie has committed a step');
  assert.deepEqual(await stepsOf(kept), [1]);
  assert.deepEqual(await flush(newWorker, 'new', [fact(taken, 1)]), ['committed']);
}

async function takeOverReadsWhatWasCommitted() {
  const [run] = await claimTwoRuns('old');
  await expire(run);
  await oldWorker.query('BEGIN');
  assert.deepEqual(await flush(oldWorker, 'old', [fact(run, 1)]), ['committed']);

  const requeued = requeueExpired(newWorker);
  await untilBlocked(newWorker);
  await oldWorker.query('COMMIT');
  await requeued;

  const [taken] = await claim(newWorker, 'new', 1);
  assert.equal(taken.id, run.id);
  assert.deepEqual([...taken.outputs.keys()], [1], 'the new worker does not know a committed step');
  assert.deepEqual(await flush(oldWorker, 'old', [fact(run, 2)]), ['fenced']);
}

async function claimTwoRuns(worker) {
  await observer.query(`INSERT INTO run (id, wf) SELECT id, 'any' FROM unnest($1::uuid[]) AS id`, [[randomUUID(), randomUUID()]]);
  const runs = await claim(oldWorker, worker, 2);
  assert.equal(runs.length, 2);
  return runs;
}

async function expire(run) {
  await observer.query(`UPDATE run SET lease_until = now() - interval '1 s' WHERE id = $1`, [run.id]);
}

async function stepsOf(run) {
  const { rows } = await observer.query('SELECT seq FROM step WHERE run_id = $1 ORDER BY seq', [run.id]);
  return rows.map((row) => row.seq);
}

async function untilBlocked(session) {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const { rows } = await observer.query('SELECT cardinality(pg_blocking_pids($1)) AS blockers', [session.processID]);
    if (rows[0].blockers > 0) return;
    assert.ok(performance.now() < deadline, 'the session was expected to wait for a lock and does not');
  }
}

async function connect(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
