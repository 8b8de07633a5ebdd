// DBOS Transact, system database in the same Postgres, as its documentation advises for work of one process: workflows started directly, steps by
// `runStep`, a wait by `recv` and `send`, a timer by `sleep`, children by a queue. A result that is not in the process is polled for; 5 ms instead of the default of
// one second.

import pg from 'pg';
import { Room } from '../harness/room.mjs';

/** More at once gain nothing: found by trial on two cores. */
const IN_FLIGHT = 50;
const POOL_SIZE = 20;
const POLLING = { pollingIntervalMs: 5 };
/** One child is asked for after the other, and most have ended by then. */
const POLLING_OF_CHILDREN = { pollingIntervalMs: 100 };
const QUEUE = 'children';

export default {
  name: 'dbos',
  title: 'DBOS',
  package: '@dbos-inc/dbos-sdk',
  leavesOut: 'a run that waits stays in memory as well, with its timer; no people',
  cannot: { screen: 'no people', passOver: 'one mode only', lists: 'no pages of its own', tenants: 'not asked', existing: 'not asked' },
  atMost: { 'three-steps': 2_000, emitter: 2_000, payloads: 500, memory: 5_000 },
  open,
};

async function open({ databaseUrl }) {
  const { DBOS } = await import('@dbos-inc/dbos-sdk');
  const marks = new Map();
  const step = (n) => DBOS.runStep(async () => ({ ok: true, n }), { name: `s${n}` });
  const workflows = {
    steps: async (steps) => {
      const outputs = [];
      for (let n = 1; n <= steps; n++) outputs.push(await step(n));
      return outputs;
    },
    carry: (payload) => DBOS.runStep(async () => payload, { name: 's1' }),
    wait: async () => {
      const a = await step(1);
      marks.get(DBOS.workflowID)();
      const answer = await DBOS.recv('answer', { timeoutSeconds: 3600 });
      return { a, answer, b: await step(2) };
    },
    timer: async (due) => {
      const { begun, fired } = marks.get(DBOS.workflowID);
      begun();
      await DBOS.sleep(Math.max(0, due - Date.now()));
      return DBOS.runStep(async () => fired(Date.now()), { name: 's1' });
    },
    parent: async (children) => {
      const handles = [];
      while (handles.length < children) {
        const size = Math.min(IN_FLIGHT, children - handles.length);
        handles.push(...(await Promise.all(Array.from({ length: size }, () => DBOS.startWorkflow(child, { queueName: QUEUE })()))));
      }
      for (const handle of handles) await handle.getResult(POLLING_OF_CHILDREN);
      return { ok: true };
    },
  };
  const child = DBOS.registerWorkflow(() => step(1), { name: 'child' });
  const registered = Object.fromEntries(
    Object.entries(workflows).map(([name, workflow]) => [name, DBOS.registerWorkflow(workflow, { name })]),
  );
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: databaseUrl, systemDatabasePoolSize: POOL_SIZE, logLevel: 'error' });
  await DBOS.launch();
  await DBOS.registerQueue(QUEUE, { workerConcurrency: IN_FLIGHT, minPollingIntervalMs: 50, onConflict: 'always_update' });
  const room = new Room(IN_FLIGHT);
  const runToEnd = (name, input) =>
    room.within(async () => {
      const handle = await DBOS.startWorkflow(registered[name])(input);
      await handle.getResult(POLLING);
    });
  return {
    run: (steps) => runToEnd('steps', steps),
    carry: (payload) => runToEnd('carry', payload),
    fanOut: (children) => runToEnd('parent', children),
    wait: async () => {
      const workflowID = crypto.randomUUID();
      const isWaiting = new Promise((resolve) => marks.set(workflowID, resolve));
      const handle = await room.within(() => DBOS.startWorkflow(registered.wait, { workflowID })());
      await isWaiting;
      marks.delete(workflowID);
      return async () => {
        await room.within(() => DBOS.send(workflowID, { ok: true }, 'answer'));
        await handle.getResult(POLLING);
      };
    },
    timer: async (due, onFired) => {
      const workflowID = crypto.randomUUID();
      const isWaiting = new Promise((begun) => marks.set(workflowID, { begun, fired: onFired }));
      const handle = await room.within(() => DBOS.startWorkflow(registered.timer, { workflowID })(due));
      await isWaiting;
      return { end: handle.getResult(POLLING).then(() => marks.delete(workflowID)) };
    },
    verify: async ({ runs, steps, waits = 0, waiting = 0 }) => {
      const database = new pg.Client({ connectionString: databaseUrl });
      await database.connect();
      const { rows } = await database.query(
        `SELECT (SELECT count(*) FROM dbos.workflow_status WHERE status = 'SUCCESS')::int AS runs,
           (SELECT count(*) FROM dbos.workflow_status WHERE status = 'PENDING')::int AS waiting,
           (SELECT count(*) FROM dbos.operation_outputs WHERE function_name LIKE 's_')::int AS steps,
           (SELECT count(*) FROM dbos.operation_outputs WHERE function_name = 'DBOS.recv')::int AS waits`,
      );
      await database.end();
      const [found] = rows;
      // A send is recorded as a workflow of its own.
      if (found.runs < runs || found.steps !== steps || found.waits !== waits || found.waiting !== waiting)
        throw new Error(`Expected ${runs} runs, ${steps} steps, ${waits} waits, ${waiting} that wait, found ${JSON.stringify(found)}`);
    },
    close: () => DBOS.shutdown(),
  };
}
