/**
 * Places under a cap beside their model: runs start, are claimed by several workers, also by two at once, wait, go on, are canceled and end;
 * workers give runs back and die. After each move the places are those of the model, and never more than the cap; in the end none is left.
 * The statements of the product on a real PostgreSQL, without a worker loop.
 */
import type { ClaimedRun, Intent, WorkerStore } from '@stepwell/engine';
import { GroupCommitter, insertRuns, pgSql, postgresWorkerStore, uuidV7 } from '@stepwell/storage';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { mustEqual } from '../../libs/engine/testing/must-equal.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { type ModelTest, modelTimeout, type Move, playModel } from './play-model.js';

const TENANT = 'default';
const SEQUENCES = 40;
const LEASE_MS = 600_000;
/** Of claims, until nothing is left: each but the last gets something. */
const MOST_ROUNDS = 50;
const KEYS = ['a', 'b'] as const;
const WORKERS = 3;

interface RunModel {
  readonly id: string;
  readonly key: string;
  state: 'queued' | 'running' | 'waiting' | 'ended';
  /** Of the three. */
  worker: number;
  hasPlace: boolean;
  isCanceled: boolean;
}

/** What a cap is: who may be claimed next, and who holds a place. */
class CapModel {
  readonly runs: RunModel[] = [];

  constructor(
    readonly capacity: number,
    readonly heldUntil: 'wait' | 'end',
  ) {}

  /** Who has a place and goes on, then the oldest while there is room; who is to be canceled needs none. */
  claimed(by: number): RunModel[] {
    const queued = this.runs.filter(({ state }) => state === 'queued');
    for (const run of queued) {
      if (!run.hasPlace && this.holders(run.key) < this.capacity) run.hasPlace = true;
      if (run.hasPlace || run.isCanceled) Object.assign(run, { state: 'running', worker: by });
    }
    return queued.filter(({ state }) => state === 'running');
  }

  /** @throws Error when there was no place for it */
  mustBeFree(id: string, by: number, onlyEnds: boolean): void {
    const run = this.runs.find((one) => one.id === id);
    if (run?.state !== 'queued' || (onlyEnds && !run.isCanceled)) throw new Error(`Run ${id} should not have been claimed.`);
    Object.assign(run, { state: 'running', worker: by, hasPlace: run.hasPlace || !onlyEnds });
    if (this.holders(run.key) > this.capacity) throw new Error(`Run ${id} was claimed above the cap.`);
  }

  stops(run: RunModel, state: 'queued' | 'waiting' | 'ended'): void {
    run.state = state;
    if (this.heldUntil === 'wait' || state === 'ended') run.hasPlace = false;
  }

  holders(key: string): number {
    return this.runs.filter((run) => run.key === key && run.hasPlace).length;
  }

  some(state: RunModel['state'], which: number): RunModel | undefined {
    const all = this.runs.filter((run) => run.state === state);
    return all[which % Math.max(1, all.length)];
  }
}

/** Each sequence has a workflow of its own. */
interface World {
  readonly workflow: string;
  readonly workers: string[];
  /** As each was claimed last. */
  readonly leases: Map<string, ClaimedRun>;
}

describe('a cap and its model', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let store: WorkerStore;
  let flows = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource({ type: 'postgres', url: database.url, poolSize: 2, installExtensions: false }).initialize();
    const sql = pgSql(database.pool);
    store = postgresWorkerStore({ sql, leaseSql: sql, committer: new GroupCommitter(database.pool), dataSource });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('grant the same places, whoever asks, waits or dies', () => playModel(TEST), modelTimeout(SEQUENCES));

  async function hired(): Promise<string> {
    const id = uuidV7();
    await store.workers.register({ id, host: 'here', pid: 1, roles: ['worker'], queues: ['default'], hosts: [] }, LEASE_MS);
    return id;
  }

  /** Claims that are under way, by worker: the number of each. */
  const underWay = new Map<number, number>();
  let asked = 0;
  const asksBeside = (by: number) => [...underWay].flatMap(([who, number]) => (who === by ? [] : number)).join();

  /** As often as it is said that more may be had. What somebody else has locked is, for as long as his one claim takes. */
  async function claims({ workflow, workers, leases }: World, by: number): Promise<readonly ClaimedRun[]> {
    const request = { worker: workers[by] ?? '', queues: ['default'], needs: [`${workflow}@1`], limit: 50, isCapped: true };
    const got: ClaimedRun[] = [];
    for (let round = 0; round < MOST_ROUNDS; round++) {
      underWay.set(by, ++asked);
      const beside = asksBeside(by);
      const { runs, hasRest } = await store.runs.claim(request).finally(() => underWay.delete(by));
      if (runs.length === 0 && beside !== '' && beside === asksBeside(by)) round--;
      for (const run of runs) {
        if (leases.get(run.id)?.epoch === run.epoch) throw new Error(`Run ${run.id} was claimed twice in epoch ${run.epoch}.`);
        leases.set(run.id, run);
      }
      got.push(...runs);
      if (!hasRest) return got;
    }
    throw new Error(`After ${MOST_ROUNDS} claims it is still said that more may be had.`);
  }

  async function commits({ workflow, leases }: World, { id }: RunModel, intent: Intent): Promise<void> {
    const lease = leases.get(id);
    if (!lease) throw new Error(`Run ${id} was never claimed.`);
    const { tenant, epoch, last_seq: lastSeq, attention } = lease;
    const consumed = ((await store.journals.inboxes([lease])).get(id) ?? []).map((message) => message.id);
    const none = { tasks: [], events: [], dispatches: [], waits: [], children: [], messages: [], settled: [], canceled: [] };
    const type = intent.kind === 'end' ? 'run.ended' : 'message.ignored';
    const facts = [{ type, path: '', iteration: '', attempt: 0, payload: '{"status":"completed","output":null}' }];
    const commit = { tenant, runId: id, epoch, lastSeq, attention, workflow, version: 1, facts, intent, consumed, cancelRequested: false };
    const outcome = await store.committer.commit({ ...commit, ...none });
    mustEqual(outcome?.status, intent.kind === 'end' ? 'completed' : 'waiting', 'What the commit came to');
  }

  async function compare(model: CapModel, { workflow }: World): Promise<void> {
    const { rows: runs } = await database.pool.query('SELECT id, status FROM runs WHERE workflow = $1 ORDER BY id', [workflow]);
    const expected = model.runs.map(({ id, state }) => ({ id, status: state === 'ended' ? 'completed' : state }));
    mustEqual(runs, expected, 'The runs, and what they should be');
    const { rows: places } = await database.pool.query('SELECT run_id AS id, key FROM permits WHERE workflow = $1 ORDER BY run_id', [
      workflow,
    ]);
    const holders = model.runs.filter(({ hasPlace }) => hasPlace).map(({ id, key }) => ({ id, key }));
    mustEqual(places, holders, 'The places, and whose they should be');
    for (const key of KEYS) mustEqual(places.filter((one) => one.key === key).length <= model.capacity, true, `The cap of ${key} holds`);
  }

  const move = (
    name: string,
    make: (model: CapModel, world: World) => Promise<string>,
    needs?: RunModel['state'],
  ): Move<CapModel, World> => ({
    name,
    isPossible: (model) => needs === undefined || model.some(needs, 0) !== undefined,
    make: async (model, world) => {
      const what = await make(model, world);
      await compare(model, world);
      return what;
    },
  });

  const starts = (key: string, count: number) =>
    move(`${count} runs of ${key} start`, async (model, { workflow }) => {
      const about = { tenant: TENANT, workflow, version: 1, queue: 'default', worker: null, input: 'null', priority: 0, permitKey: key };
      const cause = { startedBy: 'api', actor: null, causeEvent: null, causeRun: null, key: null } as const;
      for (let made = 0; made < count; made++) {
        const id = uuidV7();
        await insertRuns(pgSql(database.pool), [{ ...about, ...cause, id }]);
        model.runs.push({ id, key, state: 'queued', worker: 0, hasPlace: false, isCanceled: false });
      }
      return 'started';
    });

  const claim = (by: number) =>
    move(`worker ${by} claims`, async (model, world) => {
      const got = (await claims(world, by)).map(({ id }) => id).sort();
      const should = model.claimed(by).map(({ id }) => id);
      mustEqual(got, should, 'Who was claimed, and who should be');
      const isFull = KEYS.some((key) => model.holders(key) === model.capacity) && model.runs.some(({ state }) => state === 'queued');
      return [got.length > 0 ? 'claimed' : 'nothing', ...(isFull ? ['full'] : [])].join(', ');
    });

  /** Who gets which is theirs, and by turns the younger run may be first; but a place that is free is taken, and no more than are free. */
  const claimTogether = move('workers 0 and 1 claim at once', async (model, world) => {
    const both = await Promise.all([claims(world, 0), claims(world, 1)]);
    for (const [by, runs] of both.entries()) for (const { id, only_ends: onlyEnds } of runs) model.mustBeFree(id, by, onlyEnds ?? false);
    const left = await claims(world, 0);
    mustEqual(left.map(({ id }) => id), model.claimed(0).map(({ id }) => id), 'Who was left, and who should be'); // prettier-ignore
    return both.every((runs) => runs.length > 0) ? 'shared' : 'claimed together';
  });

  const waits = (which: number) =>
    move(
      'a run waits',
      async (model, world) => {
        const run = model.some('running', which);
        // One that was let in to be canceled has no place to wait with: its owner ends it.
        if (!run || run.isCanceled) return 'nothing';
        await commits(world, run, { kind: 'release', reasons: ['event'], dueAt: null, errorCode: null, errorMessage: null });
        model.stops(run, 'waiting');
        return 'waits';
      },
      'running',
    );

  const ends = (which: number) =>
    move(
      'a run ends',
      async (model, world) => {
        const run = model.some('running', which);
        if (!run) return 'nothing';
        await commits(world, run, { kind: 'end', status: 'completed', errorCode: null, errorMessage: null, closesRows: false });
        model.stops(run, 'ended');
        return 'ends';
      },
      'running',
    );

  const wakes = (which: number) =>
    move(
      'a run that waits is woken',
      async (model) => {
        const run = model.some('waiting', which);
        if (!run) return 'nothing';
        await store.journals.append({ tenant: TENANT, runId: run.id, kind: 'context.updated', dedupeKey: uuidV7(), payload: {} });
        run.state = 'queued';
        return 'woken';
      },
      'waiting',
    );

  const cancels = (which: number) =>
    move(
      'a run that queues is to be canceled',
      async (model) => {
        const run = model.some('queued', which);
        if (!run || run.isCanceled) return 'nothing';
        await store.journals.append({ tenant: TENANT, runId: run.id, kind: 'cancel.requested', dedupeKey: 'cancel', payload: {} });
        run.isCanceled = true;
        return 'cancels';
      },
      'queued',
    );

  const givesBack = (which: number) =>
    move(
      'a run is given back',
      async (model, { leases }) => {
        const run = model.some('running', which);
        const lease = run && leases.get(run.id);
        if (!lease) return 'nothing';
        await store.runs.giveBack(lease);
        model.stops(run, 'queued');
        return 'given back';
      },
      'running',
    );

  const dies = (which: number) =>
    move(`worker ${which} dies, and is missed`, async (model, { workers }) => {
      await store.workers.end(workers[which] ?? '');
      await store.workers.takeOver(500, null);
      workers[which] = await hired();
      const orphans = model.runs.filter(({ state, worker }) => state === 'running' && worker === which);
      for (const run of orphans) model.stops(run, 'queued');
      return orphans.length > 0 ? 'taken over' : 'nothing';
    });

  const which = fc.nat(20);
  const TEST: ModelTest<CapModel, World, { capacity: number; heldUntil: 'wait' | 'end' }> = {
    file: 'test/models/permits.int-spec.ts',
    name: 'grant the same places',
    sequences: SEQUENCES,
    moves: 30,
    start: fc.record({ capacity: fc.integer({ min: 1, max: 3 }), heldUntil: fc.constantFrom('wait' as const, 'end' as const) }),
    move: fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(fc.constantFrom(...KEYS), fc.integer({ min: 1, max: 3 })).map(([key, count]) => starts(key, count)),
      },
      { weight: 6, arbitrary: fc.oneof(fc.nat(WORKERS - 1).map(claim), fc.nat(WORKERS - 1).map(claim), fc.constant(claimTogether)) },
      { weight: 4, arbitrary: which.map(waits) },
      { weight: 3, arbitrary: which.map(ends) },
      { weight: 3, arbitrary: which.map(wakes) },
      { weight: 3, arbitrary: fc.oneof(which.map(cancels), which.map(givesBack), fc.nat(WORKERS - 1).map(dies)) },
    ),
    begin: async ({ capacity, heldUntil }) => {
      const workflow = `capped-${flows++}`;
      await store.runs.registerCaps([{ workflow, capacity, heldUntil }]);
      const workers = await Promise.all(Array.from({ length: WORKERS }, hired));
      return { model: new CapModel(capacity, heldUntil), real: { workflow, workers, leases: new Map() } };
    },
    /** Everybody comes to an end, and no place is left. */
    end: async (model, world) => {
      while (model.runs.some(({ state }) => state !== 'ended')) {
        while (model.some('running', 0)) await ends(0).make(model, world);
        while (model.some('waiting', 0)) await wakes(0).make(model, world);
        await claim(0).make(model, world);
      }
      mustEqual(model.runs.some(({ hasPlace }) => hasPlace), false, 'A place is left'); // prettier-ignore
    },
    mustSee: {
      ...{ started: 100, claimed: 40, 'claimed together': 50, full: 40, waits: 40, ends: 25 },
      ...{ woken: 10, cancels: 12, 'given back': 8, 'taken over': 5 },
    },
  };
});
