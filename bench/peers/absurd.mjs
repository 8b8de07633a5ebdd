// Absurd, with one worker for each of its two queues: steps by `ctx.step`, a wait by `awaitEvent`, children on a queue of their own, as its
// documentation asks for. Its worker polls; 50 ms instead of the default of 250. Ends are read from its table (row-watcher.mjs).
//
// Its schema is in no npm package. `absurdctl init` makes it, which needs Python and psql; or a file with it does.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { Room } from '../harness/room.mjs';
import { RowWatcher } from '../harness/row-watcher.mjs';

/** Found by trial on two cores. */
const CONCURRENCY = 50;
const POOL_SIZE = 20;
const POLL_SECONDS = 0.05;

export default {
  name: 'absurd',
  title: 'Absurd',
  package: 'absurd-sdk',
  leavesOut: 'polls for work; a parent asks for each child; "should not be used in production", it says; no people',
  cannot: { screen: 'no people', passOver: 'one mode only', lists: 'no pages of its own', tenants: 'not asked', existing: 'not asked' },
  atMost: { 'three-steps': 2_000, latency: 200, resume: 100, emitter: 2_000, payloads: 500, memory: 5_000 },
  missing: () =>
    schemaFile() || tool() ? null : 'its schema is not on npm: put absurdctl or uvx on the PATH, or set ABSURD_SQL to its absurd.sql',
  open,
};

async function open({ databaseUrl }) {
  const { Absurd } = await import('absurd-sdk');
  const pool = new pg.Pool({ connectionString: databaseUrl, max: POOL_SIZE });
  const own = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  await makeSchema(databaseUrl, own);
  const log = { log() {}, info() {}, warn() {}, error: console.error };
  const app = new Absurd({ db: pool, queueName: 'default', log });
  const children = new Absurd({ db: pool, queueName: 'children', log });
  await app.createQueue('default');
  await app.createQueue('children');
  const ended = (condition) =>
    `SELECT task_id::text AS id FROM absurd.t_default WHERE task_id = ANY($1::uuid[]) AND state IN (${condition})`;
  const ends = new RowWatcher(own, ended(`'completed', 'failed', 'cancelled'`));
  const waits = new RowWatcher(own, ended(`'sleeping'`));
  const timers = new RowWatcher(own, ended(`'sleeping', 'completed', 'failed', 'cancelled'`));
  const fired = new Map();

  const step = (ctx, n) => ctx.step(`s${n}`, async () => ({ ok: true, n }));
  app.registerTask({ name: 'steps' }, async ({ steps }, ctx) => {
    const outputs = [];
    for (let n = 1; n <= steps; n++) outputs.push(await step(ctx, n));
    return outputs;
  });
  app.registerTask({ name: 'carry' }, (payload, ctx) => ctx.step('s1', async () => payload));
  app.registerTask({ name: 'wait' }, async ({ event }, ctx) => {
    const a = await step(ctx, 1);
    const answer = await ctx.awaitEvent(event);
    return { a, answer, b: await step(ctx, 2) };
  });
  app.registerTask({ name: 'timer' }, async ({ due, mark }, ctx) => {
    await ctx.sleepUntil('timer', new Date(due));
    return ctx.step('s1', async () => {
      fired.get(mark)(Date.now());
      return { ok: true };
    });
  });
  children.registerTask({ name: 'child' }, (_, ctx) => step(ctx, 1));
  app.registerTask({ name: 'parent' }, async ({ count }, ctx) => {
    const room = new Room(POOL_SIZE);
    const ids = await ctx.step('spawn', () =>
      Promise.all(Array.from({ length: count }, () => room.within(async () => (await children.spawn('child', {})).taskID))),
    );
    const one = (id) => room.within(() => ctx.awaitTaskResult(id, { queue: 'children', timeout: 600 }));
    return (await Promise.all(ids.map(one))).length;
  });
  const workers = [];
  for (const client of [app, children]) {
    workers.push(await client.startWorker({ concurrency: CONCURRENCY, pollInterval: POLL_SECONDS, fatalOnLeaseTimeout: false }));
  }
  const spawn = async (name, input) => (await app.spawn(name, input)).taskID;
  const runToEnd = async (name, input) => ends.end(await spawn(name, input));
  return {
    run: (steps) => runToEnd('steps', { steps }),
    carry: (payload) => runToEnd('carry', payload),
    fanOut: (count) => runToEnd('parent', { count }),
    wait: async () => {
      const event = crypto.randomUUID();
      const id = await spawn('wait', { event });
      await waits.end(id);
      return async () => {
        await app.emitEvent(event, { ok: true });
        await ends.end(id);
      };
    },
    timer: async (due, onFired) => {
      const mark = crypto.randomUUID();
      fired.set(mark, onFired);
      const id = await spawn('timer', { due, mark });
      await timers.end(id); // one that is due by now does not wait
      return { end: ends.end(id) };
    },
    verify: async ({ runs, steps, parents = 0, waiting = 0 }) => {
      const of = (queue, state = 'completed') => `(SELECT count(*) FROM absurd.t_${queue} WHERE state = '${state}')`;
      const checkpoints = (queue) => `(SELECT count(*) FROM absurd.c_${queue} WHERE checkpoint_name LIKE 's_')`;
      const { rows } = await own.query(
        `SELECT (${of('default')} + ${of('children')})::int AS runs, (${checkpoints('default')} + ${checkpoints('children')})::int AS steps,
           ${of('default', 'sleeping')}::int AS waiting`,
      );
      const [found] = rows;
      if (found.runs !== runs || found.steps !== steps || found.waiting !== waiting)
        throw new Error(`Expected ${runs} runs (${parents} parents), ${steps} steps, ${waiting} that wait, found ${JSON.stringify(found)}`);
    },
    close: async () => {
      for (const worker of workers) await worker.close();
      await own.end();
      await pool.end();
    },
  };
}

async function makeSchema(databaseUrl, pool) {
  const file = schemaFile();
  if (file) return pool.query(readFileSync(file, 'utf8'));
  const [program, ...words] = tool();
  execFileSync(program, [...words, 'init', '-d', databaseUrl], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function schemaFile() {
  const file = process.env.ABSURD_SQL;
  return file && existsSync(file) ? file : null;
}

/** Its tool, or what fetches it. */
function tool() {
  const isOnPath = (name) => (process.env.PATH ?? '').split(':').some((folder) => folder && existsSync(`${folder}/${name}`));
  if (isOnPath('absurdctl')) return ['absurdctl'];
  return isOnPath('uvx') && isOnPath('psql') ? ['uvx', 'absurdctl'] : null;
}
