// The bare group-commit loop under measurement: a plain program that makes every acknowledged fact durable before it goes on, with leases and
// epochs as fences. It has no graph, retries, people or pages. It marks what one Node process and one Postgres reach with nothing on top, and is
// no lower bound: it claims what it has just started, and commits each end by itself.
//
// It is sound, or it would be no measure: see flush.mjs for the fence, claim.mjs for claim and read, wake-up.mjs for NOTIFY, and
// fence.check.mjs for the proof, all in bare-loop/.

import pg from 'pg';
import { createResumer } from '../bare-loop/resume.mjs';
import { createTables, STATUS } from '../bare-loop/schema.mjs';
import { createStarter } from '../bare-loop/start.mjs';
import { Announcer } from '../bare-loop/wake-up.mjs';
import { Worker } from '../bare-loop/worker.mjs';

/** Found by trial on two cores: more lanes or larger batches gain nothing there. */
const FLUSH_LANES = 3;
const FLUSH_BATCH = 500;
const CLAIM_BATCH = 500;
const START_BATCH = 500;
const IN_FLIGHT = 2_000;

export default {
  name: 'bare-loop',
  title: 'bare loop',
  check: new URL('../bare-loop/fence.check.mjs', import.meta.url),
  leavesOut: 'all but steps, waits, timers and children: no graph, retries, cancels, people, pages',
  cannot: { screen: 'no people', passOver: 'one mode only', lists: 'no pages', tenants: 'not asked', existing: 'not asked' },
  open,
};

/** When the step behind a timer began, by run. */
const timers = new Map();
const step = (ctx, n) => ctx.step(`s${n}`, async () => ({ ok: true, n }));
const workflows = {
  steps: async (ctx) => {
    const outputs = [];
    for (let n = 1; n <= ctx.input.steps; n++) outputs.push(await step(ctx, n));
    return outputs;
  },
  carry: (ctx) => ctx.step('s1', async () => ctx.input),
  wait: async (ctx) => ({ a: await step(ctx, 1), answer: await ctx.wait(), b: await step(ctx, 2) }),
  timer: async (ctx) => {
    await ctx.sleepUntil(ctx.input.due);
    return ctx.step('s1', async () => {
      timers.get(ctx.input.mark)(Date.now());
      return { ok: true };
    });
  },
  parent: async (ctx) => {
    await ctx.children('child', ctx.input.children, { i: 1 });
    return { ok: true };
  },
  child: (ctx) => step(ctx, 1),
};

async function open({ databaseUrl }) {
  const workerPool = await openPool(databaseUrl, FLUSH_LANES + 3); // and one each for the claim, the requeue and what waits
  const clientPool = await openPool(databaseUrl, 2);
  await createTables(clientPool);

  const ended = new Map();
  const waits = new Map();
  const told = (map, id, word) => {
    map.get(id)?.(word);
    map.delete(id);
  };
  const worker = new Worker({
    pool: workerPool,
    name: 'w1',
    workflows,
    limits: { inFlight: IN_FLIGHT, claimBatch: CLAIM_BATCH, flushLanes: FLUSH_LANES, flushBatch: FLUSH_BATCH },
    onEnd: (runId) => told(ended, runId),
    onWait: (runId, seq) => told(waits, runId, seq),
  });
  const announcer = process.env.BARE_LOOP_ANNOUNCE ? await Announcer.connect(databaseUrl, () => worker.look()) : null;
  const wake = () => (announcer ? announcer.announce() : worker.look());
  const starter = createStarter(clientPool, { maxBatch: START_BATCH, afterCommit: wake });
  const resume = createResumer(clientPool, { maxBatch: START_BATCH, afterCommit: wake });
  worker.start();

  const endOf = (id) => new Promise((resolve) => ended.set(id, resolve));
  const runToEnd = (wf, input) => {
    const id = starter.newId();
    const end = endOf(id);
    return starter.start(id, wf, input).then(() => end);
  };
  return {
    run: (steps) => runToEnd('steps', { steps }),
    carry: (payload) => runToEnd('carry', payload),
    fanOut: (children) => runToEnd('parent', { children }),
    wait: async () => {
      const id = starter.newId();
      const isWaiting = new Promise((resolve) => waits.set(id, resolve));
      await starter.start(id, 'wait', { i: 1 });
      const seq = await isWaiting;
      return async () => {
        const end = endOf(id);
        await resume(id, seq, { ok: true });
        await end;
      };
    },
    timer: async (due, onFired) => {
      const id = starter.newId();
      const isWaiting = new Promise((resolve) => waits.set(id, resolve));
      timers.set(id, onFired);
      const end = endOf(id).then(() => timers.delete(id));
      await starter.start(id, 'timer', { due, mark: id });
      await Promise.race([isWaiting, end]); // one that is due by now does not wait
      return { end };
    },
    verify: async ({ runs, steps, waits = 0, timers = 0, parents = 0, waiting = 0 }) => {
      const { rows } = await clientPool.query(
        `SELECT (SELECT count(*) FROM run WHERE status = ${STATUS.completed})::int AS runs,
           (SELECT count(*) FROM run WHERE status = ${STATUS.waiting})::int AS waiting,
           (SELECT count(*) FROM step WHERE name NOT IN ('wait', 'children'))::int AS steps,
           (SELECT count(*) FROM step WHERE name = 'wait')::int AS waits,
           (SELECT count(*) FROM history)::int AS facts, (SELECT max(epoch) FROM run) AS epochs`,
      );
      const found = rows[0];
      const leases = waits + timers + parents > 0 ? 2 : 1;
      const facts = steps + waits + waiting + runs + parents;
      const isWhole = found.runs === runs && found.steps === steps && found.waits === waits && found.waiting === waiting;
      if (!isWhole || found.facts < facts || found.facts > facts + timers || found.epochs !== leases) {
        throw new Error(
          `Expected ${runs} completed runs with ${steps} steps, ${waiting} that wait, lease ${leases}, found ${JSON.stringify(found)}`,
        );
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
