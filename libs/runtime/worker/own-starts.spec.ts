import { RunStatus } from '@stepwell/contracts';
import { type NewRun, type RunCommit, type Timers, UnknownOutcomeError, UnstorableError, type WakeUpQueue } from '@stepwell/engine';
import type { Activation } from './activation.js';
import { ActiveRuns } from './active-runs.js';
import type { Arrivals } from './arrivals.js';
import { OwnStarts } from './own-starts.js';
import type { Worker } from './worker.js';

const start = (id: string, more = {}) => ({
  id,
  workflow: 'child',
  version: 1,
  queue: 'default',
  permitKey: null,
  input: { n: 1 },
  ...more,
});
const newRun = (id: string, more = {}) => ({ ...start(id, more), tenant: 't', input: '{"n":1}' }) as unknown as NewRun;

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('runs that a worker starts for its own', () => {
  let room: number;
  let adopted: [run: Parameters<Arrivals['adopt']>[0], facts: Parameters<Arrivals['adopt']>[1]][];
  let declined: [id: string, isKnown: boolean][];
  let woken: string[];
  let left: string[];
  let starts: OwnStarts;
  beforeEach(() => {
    [room, adopted, declined, woken, left] = [10, [], [], [], []];
    const arrivals = {
      reserve: ({ queue }: { queue: string }) => (queue === 'default' && room-- > 0 ? 'w1' : null),
      leave: (tenant: string) => void left.push(tenant),
      adopt: (...run: (typeof adopted)[number]) => void adopted.push(run),
      decline: (...run: [string, boolean]) => void declined.push(run),
    };
    const catalog = { isServed: ({ version }: { version: number }) => version !== 7 };
    const worker = { arrivals, catalog, clock: { now: () => 5 }, timers: {} as Timers };
    const wakeUps = { wake: (queues: Iterable<string>) => void woken.push(...queues) };
    starts = new OwnStarts({ worker, active: {} as ActiveRuns, maxActive: 10, wakeUps });
  });
  const workersOf = (runs: readonly object[]) => runs.map((run) => (run as { worker?: string | null }).worker);

  it('are leased to it while it has room', () => {
    room = 2;
    expect(workersOf(starts.reserve(['a', 'b', 'c'].map((id) => newRun(id))))).toEqual(['w1', 'w1', null]);
  });

  it.each([
    ['of another queue', { queue: 'slow' }],
    ['that needs a permit', { permitKey: '' }],
    ['of a version that is parked', { version: 7 }],
  ])('queue where it is one %s', (_which, more) => {
    expect(workersOf(starts.reserve([newRun('a', more)]))).toEqual([null]);
    expect(room).toBe(10);
  });

  it('are shared with other workers by turns, over all commits', () => {
    starts.others = 2;
    expect(workersOf(starts.reserve(['a', 'b', 'c', 'd'].map((id) => newRun(id))))).toEqual(['w1', null, null, 'w1']);
    expect(['e', 'f', 'g'].flatMap((id) => workersOf(starts.reserve([newRun(id)])))).toEqual([null, null, 'w1']);
    starts.others = 0;
    expect(workersOf(starts.reserve([newRun('h')]))).toEqual(['w1']);
  });

  it('that are left to others are told of, so that the next one does not go before them; of those that queue for a permit anyway it is not', () => {
    starts.others = 1;
    starts.reserve([newRun('a'), newRun('b')]);
    expect(left).toEqual(['t']);
    starts.reserve([newRun('c', { permitKey: '' }), newRun('d', { permitKey: '' })]);
    expect(left).toEqual(['t']);
  });

  it('begin when they are durable, from a journal of their own; of the others the queues are woken', async () => {
    starts.begin(starts.reserve([newRun('a'), newRun('b', { queue: 'slow' })]));
    expect(woken).toEqual(['slow']);
    await turn();
    expect(adopted).toMatchObject([
      [
        { tenant: 't', id: 'a', epoch: 1, attention: 0, last_seq: 1, lineage_root: 'a', parent_run: null, actor: null },
        [{ seq: 1, type: 'run.started', payload: { input: { n: 1 } }, at: 5 }],
      ],
    ]);
  });

  it('begin in portions, so that others come in between', async () => {
    room = 200;
    starts.begin(starts.reserve(Array.from({ length: 200 }, (_, id) => newRun(String(id)))));
    const seen: number[] = [];
    for (; adopted.length < 200; await turn()) seen.push(adopted.length);
    expect(seen.length).toBeGreaterThan(3);
    expect(adopted.map(([{ id }]) => Number(id))).toEqual(Array.from({ length: 200 }, (_, id) => id));
  });

  it('that are not inserted free their places', () => {
    starts.decline(starts.reserve([newRun('a'), newRun('b', { queue: 'slow' })]), false);
    expect(declined).toEqual([['a', false]]);
  });

  describe('as children', () => {
    const commit = {
      tenant: 't',
      runId: 'p',
      children: [
        { ...start('a'), isAwaited: true },
        { ...start('b'), isAwaited: false },
      ],
    };
    const made = (via: Parameters<OwnStarts['commit']>[1]) => starts.commit(commit as unknown as RunCommit, via);
    const outcome = { id: 'p', attention: 0, status: RunStatus.running };

    it('go on with the commit, those that are awaited as children of its run', async () => {
      room = 2;
      await made(({ children }) => {
        expect([workersOf(children), adopted]).toEqual([['w1', 'w1'], []]);
        return Promise.resolve(outcome);
      });
      await turn();
      expect(adopted.map(([{ id, parent_run }]) => [id, parent_run])).toEqual([['a', 'p'], ['b', null]]); // prettier-ignore
    });

    it.each([
      ['was fenced', true, () => Promise.resolve(undefined)],
      ['cannot be stored', true, () => Promise.reject(new UnstorableError('no'))],
      ['has an outcome that nobody knows', false, () => Promise.reject(new UnknownOutcomeError('gone'))],
    ])('do not when it %s', async (_what, isKnown, via) => {
      await made(via).catch(() => undefined);
      await turn();
      expect([declined, adopted, woken]).toEqual([[['a', isKnown], ['b', isKnown]], [], []]); // prettier-ignore
    });
  });
});

const MOST = 10;

describe('the pace of an emitter', () => {
  let ring: (() => void) | undefined;
  let active: ActiveRuns;
  let starts: OwnStarts;
  beforeEach(() => {
    ring = undefined;
    const timers = {
      after: (_ms: number, then: () => void) => {
        ring = then;
        return () => (ring = undefined);
      },
    } as unknown as Timers;
    active = new ActiveRuns({} as never, MOST, () => undefined);
    starts = new OwnStarts({ worker: { timers } as unknown as Worker, active, maxActive: MOST, wakeUps: {} as WakeUpQueue });
  });
  const hold = (count: number): Activation[] => {
    const activations = Array.from({ length: count }, (_, id) => ({ run: { id: String(id) } }) as Activation);
    for (const one of activations) active.add(one);
    return activations;
  };
  const reads = async (batchSize: number) => {
    let may = false;
    void starts.roomFor(batchSize).then(() => (may = true));
    await turn();
    return async () => {
      await turn();
      return may;
    };
  };

  it('is its own while the worker has room for its batch', async () => {
    hold(MOST - 3);
    expect(await (await reads(3))()).toBe(true);
    expect(ring).toBeUndefined();
  });

  it('is that of the runs when there is no room, until there is', async () => {
    const [first, second] = hold(MOST - 2) as [Activation, Activation];
    const may = await reads(4);
    active.remove(first);
    expect(await may()).toBe(false);
    active.remove(second);
    expect(await may()).toBe(true);
    expect(ring).toBeUndefined();
  });

  it('asks for half of all places at most', async () => {
    hold(MOST / 2);
    expect(await (await reads(500))()).toBe(true);
  });

  it('goes on after a while, however few places there are', async () => {
    hold(MOST);
    const may = await reads(4);
    expect(await may()).toBe(false);
    ring?.();
    expect(await may()).toBe(true);
  });

  it('is its own where other workers are', async () => {
    hold(MOST);
    starts.others = 1;
    expect(await (await reads(4))()).toBe(true);
  });
});
