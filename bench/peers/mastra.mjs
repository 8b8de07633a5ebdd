// Mastra's workflows with its Postgres storage: a snapshot after each step, a wait by `suspend` and `resume`, children by `foreach` over a
// workflow, a timer by `sleepUntil`. Runs live in the process that starts them; nobody else takes them up by himself.

import pg from 'pg';
import { Room } from '../harness/room.mjs';

/** Found by trial on two cores. */
const IN_FLIGHT = 50;
const POOL_SIZE = 20;
const CHILDREN_AT_ONCE = 20;

export default {
  name: 'mastra',
  title: 'Mastra',
  package: '@mastra/core',
  leavesOut: 'no queue and no take-over: a run dies with its process; timers and children in memory; no people',
  doesLess: { all: 'no take-over' },
  cannot: { screen: 'no people', passOver: 'one mode only', lists: 'no pages of its own', tenants: 'not asked', existing: 'not asked' },
  atMost: { 'three-steps': 1_000, 'fan-out': 500, emitter: 2_000, payloads: 300, memory: 5_000 },
  open,
};

async function open({ databaseUrl }) {
  const [{ Mastra }, { createStep, createWorkflow }, { PostgresStore }, { z }] = await Promise.all([
    import('@mastra/core'),
    import('@mastra/core/workflows'),
    import('@mastra/pg'),
    import('zod'),
  ]);
  const any = z.any();
  const fired = new Map();
  const schemas = { inputSchema: any, outputSchema: any };
  const step = (n, execute = async () => ({ ok: true, n })) => createStep({ id: `s${n}`, ...schemas, execute });
  const steps = (count) => {
    let flow = createWorkflow({ id: `steps${count}`, ...schemas });
    for (let n = 1; n <= count; n++) flow = flow.then(step(n));
    return flow.commit();
  };
  const answer = createStep({
    id: 'answer',
    ...schemas,
    resumeSchema: any,
    suspendSchema: any,
    execute: ({ resumeData, suspend }) => resumeData ?? suspend({ why: 'waits' }),
  });
  const child = createWorkflow({ id: 'child', ...schemas }).then(step(1)).commit(); // prettier-ignore
  const workflows = {
    steps1: steps(1),
    steps3: steps(3),
    carry: createWorkflow({ id: 'carry', ...schemas }).then(step(1, async ({ inputData }) => inputData)).commit(), // prettier-ignore
    wait: createWorkflow({ id: 'wait', ...schemas })
      .then(step(1))
      .then(answer)
      .then(step(2))
      .commit(),
    timer: createWorkflow({ id: 'timer', ...schemas })
      .sleepUntil(async ({ inputData }) => new Date(inputData.due))
      .then(step(1, async ({ getInitData }) => void fired.get(getInitData().mark)(Date.now()) ?? { ok: true }))
      .commit(),
    parent: createWorkflow({ id: 'parent', ...schemas })
      .foreach(child, { concurrency: CHILDREN_AT_ONCE })
      .commit(),
    child,
  };
  const storage = new PostgresStore({ id: 'pg', connectionString: databaseUrl, max: POOL_SIZE });
  const mastra = new Mastra({ workflows, storage, logger: false });
  await storage.init();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const room = new Room(IN_FLIGHT);
  let ended = 0;
  const toEnd = async (result) => {
    const { status, error } = await result;
    if (status !== 'success') throw new Error(`A run ended as ${status}: ${error?.message ?? ''}`);
    ended++;
  };
  const create = (name) => mastra.getWorkflow(name).createRun();
  const runToEnd = (name, inputData) => room.within(async () => toEnd((await create(name)).start({ inputData })));
  return {
    run: (count) => runToEnd(`steps${count}`, { i: 1 }),
    carry: (payload) => runToEnd('carry', payload),
    fanOut: async (children) => {
      await runToEnd(
        'parent',
        Array.from({ length: children }, (_, i) => ({ i })),
      );
      ended += children;
    },
    wait: () =>
      room.within(async () => {
        const run = await create('wait');
        const { status } = await run.start({ inputData: { i: 1 } });
        if (status !== 'suspended') throw new Error(`A run should wait and is ${status}.`);
        const { runId } = run;
        return () =>
          room.within(async () => {
            const again = await mastra.getWorkflow('wait').createRun({ runId });
            await toEnd(again.resume({ step: 'answer', resumeData: { ok: true } }));
          });
      }),
    timer: async (due, onFired) => {
      const mark = crypto.randomUUID();
      fired.set(mark, onFired);
      const run = await room.within(() => create('timer'));
      return { end: toEnd(run.start({ inputData: { due, mark } })) };
    },
    /** Ends are what this process has counted: of those that have ended snapshots stay, but a child has none of its own. */
    verify: async ({ runs, waiting = 0 }) => {
      const { rows } = await pool.query(
        `SELECT count(*) FILTER (WHERE status = 'success')::int AS runs, count(*) FILTER (WHERE status = 'suspended')::int AS waiting
         FROM (SELECT snapshot::jsonb ->> 'status' AS status FROM mastra_workflow_snapshot) AS snapshots`,
      );
      const [found] = rows;
      if (ended !== runs || (runs > 0 && found.runs === 0) || found.waiting !== waiting)
        throw new Error(`Expected ${runs} runs and ${waiting} that wait, ${ended} ended, snapshots: ${JSON.stringify(found)}.`);
    },
    close: () => pool.end(),
  };
}
