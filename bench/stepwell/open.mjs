// One process of Stepwell on an empty database: what the server's modules wire, by hand, so that nothing but the engine is measured.
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { EventLoop, EventRouter } from '../../dist/libs/events/index.js';
import { AsyncResultIds, hostedWorkflows, RunService, SystemClock, Worker, WORKER_DEFAULTS } from '../../dist/libs/runtime/index.js';
import {
  createPool,
  GroupCommitter,
  migrate,
  pgSql,
  postgresEventStore,
  postgresWorkerStore,
  RunInserter,
} from '../../dist/libs/storage/index.js';
import { ScreenProvider, TaskService } from '../../dist/libs/tasks/index.js';
import { createPostgresHints } from '../../dist/libs/wakeups/index.js';
import { claimingBy } from './claim-variants.mjs';
import { createCrowd } from './crowd.mjs';
import { answerClassOf, asked, BenchModule, fired, source } from './workflows.mjs';

export { openServer } from './server.mjs';

const TENANT = 'default';
/** All that a workload has in flight, and those that are just ending. */
const MOST_IN_FLIGHT = 2_100;
const REVIEWER = { id: 'reviewer-1', name: 'Reviewer', kind: 'user' };

class Screens extends ScreenProvider {
  answerClassOf = answerClassOf;
  async mayDecide() {
    return true;
  }
  async takeDocuments() {
    return [];
  }
}

/** @param {{ databaseUrl: string, isOneOfMany?: boolean, claim?: string }} where `isOneOfMany`: the tables are there; `claim`: by which of claim-variants */
export async function openProcess({ databaseUrl, isOneOfMany = false, claim = 'plain' }) {
  if (!isOneOfMany) await migrate(databaseUrl);
  const pool = createPool({ url: databaseUrl, max: 12, applicationName: 'stepwell bench' });
  const orm = { type: 'postgres', url: databaseUrl, installExtensions: false, uuidExtension: 'pgcrypto' };
  const dataSource = await new DataSource(orm).initialize();
  const { catalog } = hostedWorkflows([BenchModule]);
  const { wakeUps, changes } = createPostgresHints({ pool, directUrl: databaseUrl });
  const ids = new AsyncResultIds('bench', 'http://127.0.0.1');
  const said = new Said();
  const instances = new Map();
  const get = (type) => instances.get(type) ?? instances.set(type, new type()).get(type);
  const log = { debug() {}, info() {}, warn: console.error, error: console.error };
  const worker = new Worker(
    {
      store: postgresWorkerStore({
        sql: claimingBy(claim, pgSql(pool)),
        leaseSql: pgSql(pool),
        committer: new GroupCommitter(pool),
        dataSource,
      }),
      catalog,
      handlers: { get, screen: get },
      wakeUps,
      clock: new SystemClock(),
      asyncResultIds: ids,
      log,
      onCommitted: (commit) => {
        changes.publish([{ tenant: commit.tenant, kind: 'run', id: commit.runId }]);
        said.note(commit);
      },
    },
    { ...WORKER_DEFAULTS, maxActive: MOST_IN_FLIGHT },
  );
  await worker.start();
  const router = new EventLoop(new EventRouter(postgresEventStore(pool), catalog, wakeUps, changes), wakeUps);
  await router.start();
  const runs = new RunService(pool, catalog, new RunInserter(pool), wakeUps, ids, worker);
  const tasks = new TaskService(pool, new Screens(), wakeUps, changes);
  const start = async (workflow, input) => (await runs.start({ tenant: TENANT, workflow, input, actor: null })).runId;
  // As in a process without a worker: what it starts is queued.
  const elsewhere = new RunService(pool, catalog, new RunInserter(pool), wakeUps, ids, undefined);
  const runToEnd = async (workflow, input) => said.end(await start(workflow, input));
  const startToWait = async (workflow, input) => {
    const runId = await start(workflow, input);
    await said.wait(runId);
    return runId;
  };
  return {
    run: (steps) => runToEnd(`steps-${steps}`, { i: 1 }),
    carry: (payload) => runToEnd('carry', payload),
    fanOut: (children) => runToEnd('parent', { children }),
    wait: async () => {
      const runId = await startToWait('wait', { i: 1 });
      const id = asked.get(runId);
      asked.delete(runId);
      return async () => {
        const end = said.end(runId);
        await runs.settleAsyncResult({ tenant: TENANT, id }, { ok: true, value: { ok: true } });
        await end;
      };
    },
    timer: async (due, onFired) => {
      const mark = crypto.randomUUID();
      fired.set(mark, onFired);
      const runId = await start('timer', { due, mark });
      const end = said.end(runId);
      await Promise.race([said.wait(runId), end]); // one that is due by now does not wait
      return { end: end.then(() => fired.delete(mark)) };
    },
    emit: async (records) => {
      source.left = records;
      const all = said.ends('record', records);
      await runToEnd('records', null);
      await all;
    },
    screen: async () => {
      const runId = await startToWait('screen', { total: 500 });
      const id = said.taskOf(runId);
      return async () => {
        const end = said.end(runId);
        await tasks.complete({ tenant: TENANT, id, actor: REVIEWER, expectedVersion: 1, answer: { verdict: 'yes' } });
        await end;
      };
    },
    passOver: (mode, items) => runToEnd(`pass-${mode}`, { items }),
    /** A one-step run of another tenant, by way of this process's worker or of the queue. */
    quietRun: async (way) => {
      const service = way === 'queued' ? elsewhere : runs;
      await said.end((await service.start({ tenant: 'quiet', workflow: 'steps-1', input: { i: 1 }, actor: null })).runId);
    },
    carryThree: (payload) => runToEnd('carry-3', payload),
    ...createCrowd({ pool, databaseUrl, tenant: TENANT, said, wake: () => wakeUps.wake(['default']) }),
    commits: () => said.commits,
    look: () => worker.look(),
    /** No longer takes runs itself: others are to. */
    stopWorking: () => worker.stop(),
    verify: async ({ runs: wanted, steps, waits = 0, screens = 0 }) => {
      const { rows } = await pool.query(
        `SELECT (SELECT count(*) FROM runs WHERE status = 'completed' AND workflow <> 'records')::int AS runs,
           (SELECT count(*) FROM journal WHERE type = 'step.completed' AND path LIKE '%s_')::int AS steps,
           (SELECT count(*) FROM journal WHERE type = 'async-result.settled')::int AS waits,
           (SELECT count(*) FROM tasks WHERE status = 'completed')::int AS screens`,
      );
      const [found] = rows;
      if (found.runs !== wanted || found.steps !== steps || found.waits !== waits || found.screens !== screens)
        throw new Error(`Expected ${wanted} runs, ${steps} steps, ${waits} waits, ${screens} screens, found ${JSON.stringify(found)}.`);
    },
    close: async () => {
      await worker.stop();
      await router.stop();
      await changes.close();
      await wakeUps.close();
      await dataSource.destroy();
      await pool.end();
    },
  };
}

/** What the commits of this process say, to those who wait for it. A commit that came before somebody asked is remembered. */
class Said {
  commits = 0;
  #ended = new Map();
  #waiting = new Map();
  #tasks = new Map();
  #counted = new Map();

  note({ runId, intent, tasks, workflow }) {
    this.commits++;
    for (const { id } of tasks) this.#tasks.set(runId, id);
    if (intent.kind === 'release') tell(this.#waiting, runId, null);
    if (intent.kind !== 'end') return;
    const count = this.#counted.get(workflow);
    if (count && --count.left === 0) count.resolve();
    if (count) return;
    tell(this.#ended, runId, intent.status);
  }

  async end(runId) {
    const status = await heard(this.#ended, runId);
    if (status !== 'completed') throw new Error(`Run ${runId} ended as ${status}.`);
  }

  wait(runId) {
    return heard(this.#waiting, runId);
  }

  /** When so many runs of a workflow have ended, which nobody asks for one by one. */
  ends(workflow, left) {
    return new Promise((resolve) => this.#counted.set(workflow, { left, resolve }));
  }

  /** How many of them are still to end. */
  leftOf(workflow) {
    return this.#counted.get(workflow)?.left ?? 0;
  }

  taskOf(runId) {
    const id = this.#tasks.get(runId);
    this.#tasks.delete(runId);
    return id;
  }
}

/** Either somebody asked, or the word waits for him. */
function tell(map, key, word) {
  const asker = map.get(key);
  if (asker?.resolve) {
    map.delete(key);
    asker.resolve(word);
  } else map.set(key, { word });
}

async function heard(map, key) {
  const said = map.get(key);
  if (said && 'word' in said) {
    map.delete(key);
    return said.word;
  }
  return new Promise((resolve) => map.set(key, { resolve }));
}
