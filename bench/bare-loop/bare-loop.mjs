// The bare group-commit loop under measurement: the least a program must do to make every acknowledged fact durable before it goes on, with
// leases and epochs as fences. It has no graph, retries, timers, people or pages; it marks what one Node process and one Postgres can reach.
//
// It is sound, or it would be no measure: see flush.mjs for the fence, claim.mjs for claim and read, wake-up.mjs for NOTIFY, and
// fence.check.mjs for the proof.

import pg from 'pg';
import { measureSystem } from '../harness/measure.mjs';
import { resume } from './resume.mjs';
import { STATUS, createTables } from './schema.mjs';
import { createStarter } from './start.mjs';
import { Announcer } from './wake-up.mjs';
import { Worker } from './worker.mjs';

const workflows = {
  1: (step) => step('s1', async () => ({ ok: true, n: 1 })),
  3: async (step) => {
    const a = await step('s1', async () => ({ ok: true, n: 1 }));
    const b = await step('s2', async () => ({ ok: true, n: 2 }));
    const c = await step('s3', async () => ({ ok: true, n: 3 }));
    return { a, b, c };
  },
  wait: async (step, wait) => {
    const a = await step('s1', async () => ({ ok: true, n: 1 }));
    const answer = await wait();
    const b = await step('s2', async () => ({ ok: true, n: 2 }));
    return { a, answer, b };
  },
};

/** Found by trial on two cores: more lanes or larger batches gain nothing there. */
const FLUSH_LANES = 3;
const FLUSH_BATCH = 500;
const CLAIM_BATCH = 500;
const START_BATCH = 500;

async function open({ databaseUrl, inFlight, flags }) {
  const workerPool = await openPool(databaseUrl, FLUSH_LANES + 2); // and one each for the claim and the requeue
  const clientPool = await openPool(databaseUrl, 2);
  await createTables(clientPool);

  const ended = new Map();
  const waits = new Map();
  const worker = new Worker({
    pool: workerPool,
    name: 'w1',
    workflows,
    limits: { inFlight, claimBatch: CLAIM_BATCH, flushLanes: FLUSH_LANES, flushBatch: FLUSH_BATCH },
    onEnd: (runId) => {
      ended.get(runId)?.();
      ended.delete(runId);
    },
    onWait: (runId, seq) => {
      waits.get(runId)(seq);
      waits.delete(runId);
    },
  });
  const announcer = flags.announce ? await Announcer.connect(databaseUrl, () => worker.look()) : null;
  const starter = createStarter(clientPool, {
    maxBatch: START_BATCH,
    afterCommit: () => (announcer ? announcer.announce() : worker.look()),
  });
  worker.start();

  return {
    run: (steps) => {
      const id = starter.newId();
      const end = new Promise((resolve) => ended.set(id, resolve));
      return starter.start(id, String(steps), { i: 1 }).then(() => end);
    },
    wait: async () => {
      const id = starter.newId();
      const isWaiting = new Promise((resolve) => waits.set(id, resolve));
      await starter.start(id, 'wait', { i: 1 });
      const seq = await isWaiting;
      return async () => {
        const end = new Promise((resolve) => ended.set(id, resolve));
        await resume(clientPool, id, seq, { ok: true });
        if (announcer) announcer.announce();
        else worker.look();
        await end;
      };
    },
    verify: async ({ runs, steps, waits }) => {
      const { rows } = await clientPool.query(
        `SELECT (SELECT count(*) FROM run WHERE status = ${STATUS.completed})::int AS runs, (SELECT count(*) FROM step WHERE name <> 'wait')::int AS steps,
           (SELECT count(*) FROM step WHERE name = 'wait')::int AS waits,
           (SELECT count(*) FROM history)::int AS facts, (SELECT max(epoch) FROM run) AS epochs`,
      );
      const found = rows[0];
      const leases = waits > 0 ? 2 : 1;
      const isWhole = found.runs === runs && found.steps === steps && found.waits === waits && found.facts === steps + waits + runs;
      if (!isWhole || found.epochs !== leases) {
        throw new Error(`Expected ${runs} completed runs with ${steps} steps, each under lease ${leases}, found ${JSON.stringify(found)}`);
      }
    },
    close: async () => {
      await worker.stop();
      await announcer?.close();
      await workerPool.end();
      await clientPool.end();
    },
  };
}

/**
 * A pool with all its connections open, so that none is opened on the clock.
 *
 * Plans are generic from the first execution on. Left to itself Postgres plans these statements anew for each array of ids and judges by the
 * statistics of tables that were empty a moment ago: it then reads whole tables, or joins in a nested loop, and which of these it does is luck
 * of the minute. A generic plan assumes a few ids and so always goes by the primary key.
 */
async function openPool(databaseUrl, size) {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: size,
    idleTimeoutMillis: 0,
    options: '-c plan_cache_mode=force_generic_plan',
  });
  const clients = await Promise.all(Array.from({ length: size }, () => pool.connect()));
  for (const client of clients) client.release();
  return pool;
}

await measureSystem('bare-loop', open, { announce: { type: 'boolean', default: false } });
