// DBOS Transact, system database in the same Postgres, as its documentation advises for work of one process: workflows started directly, steps by
// `runStep`, a wait by `recv` and `send`. A result that is not in the process is polled for; 5 ms instead of the default of one second.

import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { measureSystem } from '../harness/measure.mjs';

/** More at once gain nothing: found by trial on two cores. */
const IN_FLIGHT = 50;
const POOL_SIZE = 20;
const POLLING = { pollingIntervalMs: 5 };

const step = (n) => DBOS.runStep(async () => ({ ok: true, n }), { name: `s${n}` });
const oneStep = DBOS.registerWorkflow(async () => step(1), { name: 'one-step' });
const threeSteps = DBOS.registerWorkflow(async () => ({ a: await step(1), b: await step(2), c: await step(3) }), { name: 'three-steps' });
const waiting = new Map();
const wait = DBOS.registerWorkflow(
  async () => {
    const a = await step(1);
    waiting.get(DBOS.workflowID)?.();
    const answer = await DBOS.recv('answer', { timeoutSeconds: 3600 });
    return { a, answer, b: await step(2) };
  },
  { name: 'wait' },
);

/** Lets so many in at once; the others wait in turn. */
class Room {
  #free;
  #waiting = [];

  constructor(size) {
    this.#free = size;
  }

  async within(work) {
    if (this.#free === 0) await new Promise((enter) => this.#waiting.push(enter));
    else this.#free--;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}

await measureSystem('dbos', async ({ databaseUrl }) => {
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: databaseUrl, systemDatabasePoolSize: POOL_SIZE, logLevel: 'error' });
  await DBOS.launch();
  const room = new Room(IN_FLIGHT);
  return {
    run: (steps) =>
      room.within(async () => {
        const handle = await DBOS.startWorkflow(steps === 1 ? oneStep : threeSteps)();
        await handle.getResult(POLLING);
      }),
    wait: async () => {
      const workflowID = crypto.randomUUID();
      const isWaiting = new Promise((resolve) => waiting.set(workflowID, resolve));
      const handle = await DBOS.startWorkflow(wait, { workflowID })();
      await isWaiting;
      waiting.delete(workflowID);
      return async () => {
        await DBOS.send(workflowID, { ok: true }, 'answer');
        await handle.getResult(POLLING);
      };
    },
    verify: async ({ runs, steps, waits }) => {
      const database = new pg.Client({ connectionString: databaseUrl });
      await database.connect();
      const { rows } = await database.query(
        `SELECT (SELECT count(*) FROM dbos.workflow_status WHERE status = 'SUCCESS')::int AS runs,
           (SELECT count(*) FROM dbos.operation_outputs WHERE function_name LIKE 's_')::int AS steps,
           (SELECT count(*) FROM dbos.operation_outputs WHERE function_name = 'DBOS.recv')::int AS waits`,
      );
      await database.end();
      const [found] = rows;
      // A send is recorded as a workflow of its own.
      if (found.runs < runs || found.steps !== steps || found.waits !== waits)
        throw new Error(`Expected ${runs} runs, ${steps} steps and ${waits} waits, found ${JSON.stringify(found)}`);
    },
    close: () => DBOS.shutdown(),
  };
});
