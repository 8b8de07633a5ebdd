// OpenWorkflow on its Postgres backend, with one worker: steps by `step.run`, a wait by `waitForSignal`, children by `step.runWorkflow`.
//
// Its worker polls, every 100 ms to 1 s, and that is not to be set. `handle.result()` polls once a second, so ends are read from its table
// instead (row-watcher.mjs). A signal for which nobody waits yet is dropped, so a wait is looked up before it is called one.

import pg from 'pg';
import { RowWatcher } from '../harness/row-watcher.mjs';

/** Found by trial on two cores. */
const CONCURRENCY = 25;
/** A run may have a thousand steps, and each child is one. */
const CHILDREN = 900;

export default {
  name: 'openworkflow',
  title: 'OpenWorkflow',
  package: 'openworkflow',
  leavesOut: 'a signal for which nobody waits yet is lost; at most 1,000 steps or children a run; no people',
  doesLess: { resume: 'signals get lost', 'bulk-resume': 'signals get lost' },
  cannot: { screen: 'no people', passOver: 'one mode only', lists: 'no pages of its own', tenants: 'not asked', existing: 'not asked' },
  atMost: { 'three-steps': 1_000, latency: 100, resume: 60, 'fan-out': CHILDREN, emitter: 2_000, payloads: 500, memory: 2_000 },
  open,
};

async function open({ databaseUrl }) {
  const [{ OpenWorkflow }, { BackendPostgres }] = await Promise.all([import('openworkflow'), import('openworkflow/postgres')]);
  const backend = await BackendPostgres.connect(databaseUrl);
  const client = new OpenWorkflow({ backend });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 3 });
  const ended = `SELECT id FROM openworkflow.workflow_runs WHERE id = ANY($1::text[]) AND status IN ('completed', 'succeeded', 'failed')`;
  const waiting = `SELECT DISTINCT workflow_run_id AS id FROM openworkflow.step_attempts
     WHERE workflow_run_id = ANY($1::text[]) AND kind IN ('signal-wait', 'sleep') AND status = 'running'`;
  const [ends, waits, timers] = [ended, waiting, `${waiting} UNION ${ended}`].map((text) => new RowWatcher(pool, text));
  const fired = new Map();
  const define = (name, body) => client.defineWorkflow({ name }, body);
  const step = (api, n) => api.run({ name: `s${n}` }, () => ({ ok: true, n }));
  const steps = define('steps', async ({ input, step: api }) => {
    const outputs = [];
    for (let n = 1; n <= input.steps; n++) outputs.push(await step(api, n));
    return outputs;
  });
  const carry = define('carry', ({ input, step: api }) => api.run({ name: 's1' }, () => input));
  const wait = define('wait', async ({ input, step: api }) => {
    const a = await step(api, 1);
    const answer = await api.waitForSignal({ signal: input.signal, timeout: '1h' });
    return { a, answer, b: await step(api, 2) };
  });
  const timer = define('timer', async ({ input, step: api }) => {
    // A duration is all that it takes; it is read when the sleep begins.
    await api.sleep('timer', `${Math.max(1, input.due - Date.now())}ms`);
    return api.run({ name: 's1' }, () => void fired.get(input.mark)(Date.now()));
  });
  const child = define('child', ({ step: api }) => step(api, 1));
  const parent = define('parent', async ({ input, step: api }) => {
    const one = (_, i) => api.runWorkflow(child.workflow.spec, { i }, { name: `c${i}` });
    return (await Promise.all(Array.from({ length: input.children }, one))).length;
  });
  const worker = client.newWorker({ concurrency: CONCURRENCY });
  await worker.start();
  const runToEnd = async (workflow, input) => ends.end((await workflow.run(input)).workflowRun.id);
  return {
    run: (count) => runToEnd(steps, { steps: count }),
    carry: (payload) => runToEnd(carry, payload),
    fanOut: (children) => runToEnd(parent, { children }),
    wait: async () => {
      const signal = crypto.randomUUID();
      const { id } = (await wait.run({ signal })).workflowRun;
      await waits.end(id);
      return async () => {
        await client.sendSignal({ signal, data: { ok: true } });
        await ends.end(id);
      };
    },
    timer: async (due, onFired) => {
      const mark = crypto.randomUUID();
      fired.set(mark, onFired);
      const { id } = (await timer.run({ due, mark })).workflowRun;
      await timers.end(id); // one that is due by now may wait for too short a time to be seen
      return { end: ends.end(id) };
    },
    verify: async ({ runs, steps: wanted, waits: ended = 0, waiting = 0 }) => {
      const { rows } = await pool.query(
        `SELECT (SELECT count(*) FROM openworkflow.workflow_runs WHERE status IN ('completed', 'succeeded'))::int AS runs,
           (SELECT count(*) FROM openworkflow.step_attempts WHERE step_name LIKE 's_' AND status IN ('completed', 'succeeded'))::int AS steps,
           (SELECT count(*) FROM openworkflow.step_attempts WHERE kind = 'signal-wait' AND status IN ('completed', 'succeeded'))::int AS waits,
           (SELECT count(*) FROM openworkflow.step_attempts WHERE kind = 'signal-wait' AND status = 'running')::int AS waiting`,
      );
      const [found] = rows;
      if (found.runs !== runs || found.steps !== wanted || found.waits !== ended || found.waiting !== waiting)
        throw new Error(`Expected ${runs} runs, ${wanted} steps, ${ended} waits, ${waiting} that wait, found ${JSON.stringify(found)}`);
    },
    close: async () => {
      await worker.stop();
      await backend.stop();
      await pool.end();
    },
  };
}
