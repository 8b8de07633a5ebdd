import type { ClaimedRun, JournalStore, RunLeases } from '@stepwell/engine';
import { type Gate, gate } from '../../../test/engine/standing-between.js';
import { ActiveRuns } from './active-runs.js';
import { ClaimLoop } from './claim-loop.js';
import type { Claims } from './claims.js';
import { KeptFolds } from './kept-folds.js';

const run = (id: string) =>
  ({ tenant: id.startsWith('quiet') ? 'quiet' : 'acme', id, version: 1, last_seq: 1, attention: 1 }) as ClaimedRun;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A worker with room for ten, and a database that has these runs, claim by claim; a read waits for its door, and so does a claim when asked to. */
function world(queue: string[][], { places = 10, claimsWait = false } = {}) {
  const claims: Gate[] = [];
  const doors: Gate[] = [];
  const limits: number[] = [];
  const began: string[] = [];
  const active = new ActiveRuns({} as RunLeases, places, () => undefined);
  const state = { worker: 'one', readFails: false, besideFails: false };
  const asked = async (limit: number) => {
    limits.push(limit);
    if (!claimsWait) return;
    const claim = gate();
    claims.push(claim);
    await claim.opened;
  };
  const loop = new ClaimLoop({
    claims: {
      take: async (_worker: string, limit: number) => {
        await asked(limit);
        return { runs: (queue.shift() ?? []).map(run), hasRest: queue.length > 0 };
      },
      takeBeside: async (_worker: string, limit: number) => {
        await asked(limit);
        if (state.besideFails) throw new Error('The claim beside failed.');
        return (queue.shift() ?? []).map(run);
      },
    } as unknown as Claims,
    journals: {
      inboxes: async () => new Map(),
      readThatFit: async (runs: readonly ClaimedRun[]) => {
        const door = gate();
        doors.push(door);
        await door.opened;
        if (state.readFails) throw new Error('The connection broke.');
        return { journals: new Map(), count: runs.length };
      },
    } as unknown as JournalStore,
    active,
    kept: new KeptFolds(1_000, 0),
    incarnation: () => state.worker,
    room: () => active.room,
    activate: ({ id }) => void began.push(id),
    lookSoon: () => undefined,
  });
  return { loop, doors, claims, limits, began, active, state };
}

describe('a worker that claims', () => {
  it('claims more while what it has claimed is read, one claim ahead, and begins them in their order', async () => {
    const { loop, doors, limits, began } = world([['a', 'b'], ['c'], ['d']]);
    const claiming = loop.claimAll();
    await turn();
    // What is being read takes its room.
    expect([limits, doors.length, began]).toEqual([[10, 8], 1, []]);
    doors[0]?.open();
    await turn();
    expect([limits, doors.length, began]).toEqual([[10, 8, 9], 2, ['a', 'b']]);
    doors[1]?.open();
    await turn();
    doors[2]?.open();
    expect(await claiming).toBe(4);
    expect(began).toEqual(['a', 'b', 'c', 'd']);
    expect(loop.hasBacklog).toBe(false);
  });

  it('keeps no room for what could not be read, nor for what was claimed behind it', async () => {
    const { loop, doors, began, active, state } = world([['a', 'b'], ['c']]);
    state.readFails = true;
    const claiming = loop.claimAll();
    claiming.catch(() => undefined);
    await turn();
    doors[0]?.open();
    await expect(claiming).rejects.toThrow('The connection broke.');
    expect([began, active.room]).toEqual([[], 10]);
  });

  it('begins what it has claimed, also when somebody who was to bring the run does not', async () => {
    const { loop, doors, began, active } = world([['a']]);
    // A result is on its way to it, and finds that it was claimed.
    active.expect({ tenant: 'acme', id: 'a' });
    const claiming = loop.claimAll();
    await turn();
    active.decline('a');
    doors[0]?.open();
    await claiming;
    expect([began, active.room]).toEqual([['a'], 10]);
  });

  it('begins what it has claimed, also when somebody gives back a place that he had with the incarnation before', async () => {
    const { loop, doors, began, active, state } = world([['a']]);
    // A result is on its way to it when the worker is taken for dead, and begins anew.
    active.expect({ tenant: 'acme', id: 'a' });
    active.abandon('The lease was lost.');
    state.worker = 'two';
    const claiming = loop.claimAll();
    await turn();
    active.decline('a');
    doors[0]?.open();
    await claiming;
    expect([began, active.room]).toEqual([['a'], 10]);
  });

  it('begins nothing that an incarnation before it has claimed', async () => {
    const { loop, doors, began, active, state } = world([['a']]);
    const claiming = loop.claimAll();
    await turn();
    state.worker = 'two';
    doors[0]?.open();
    await claiming;
    expect([began, active.room]).toEqual([[], 10]);
  });

  it('begins the few runs of a tenant before the many of others that came with them, and those of the claim before', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `a${index}`);
    const { loop, doors, began } = world([['a', 'b'], [...many, 'quiet'], []], { places: 200 });
    const claiming = loop.claimAll();
    await turn();
    doors[1]?.open();
    await turn();
    expect(began).toEqual(['quiet']);
    doors[0]?.open();
    await turn();
    doors[2]?.open();
    await claiming;
    expect(began).toEqual(['quiet', 'a', 'b', ...many]);
  });
});

describe('a hint while a worker claims a backlog', () => {
  /** A large claim is under way, behind one that has left some. */
  const busy = async (queue: string[][], places: number) => {
    const made = world([['a'], ...queue], { places, claimsWait: true });
    const claiming = made.loop.claimAll();
    made.claims[0]?.open();
    await turn();
    made.doors[0]?.open();
    await turn();
    return { ...made, claiming };
  };

  it('makes a small claim beside the large one, one for each, which is begun at once', async () => {
    const { loop, doors, claims, limits, began, claiming } = await busy([['quiet'], ['b']], 1_000);
    loop.claimBeside();
    loop.claimBeside();
    claims[2]?.open();
    await turn();
    doors[1]?.open();
    await turn();
    expect([limits, began]).toEqual([
      [500, 500, 16],
      ['a', 'quiet'],
    ]);
    loop.claimBeside();
    claims[1]?.open();
    await turn();
    doors[2]?.open();
    expect(await claiming).toBe(2);
    expect([limits.length, began]).toEqual([3, ['a', 'quiet', 'b']]);
  });

  it('takes the places that the large claim leaves for it, and none takes those that it may fill', async () => {
    const { loop, doors, claims, limits, claiming, active } = await busy([['b', 'c', 'd'], ['e']], 100);
    loop.claimBeside();
    claims[1]?.open();
    await turn();
    doors[1]?.open();
    await turn();
    expect(limits).toEqual([84, 83, 16, 65]);
    claims[3]?.open();
    await turn();
    doors[2]?.open();
    const isOver = import.meta.jest.fn();
    void claiming.then(isOver);
    await turn();
    // What it takes is still to come.
    expect(isOver).not.toHaveBeenCalled();
    claims[2]?.open();
    await claiming;
    expect(active.room).toBe(100);
  });

  it('is for the next look where the large claim may fill all places, and where there is no backlog', async () => {
    const few = await busy([[]], 63);
    few.loop.claimBeside();
    expect(few.limits).toEqual([63, 62]);
    const none = world([['a']], { places: 1_000, claimsWait: true });
    none.loop.claimBeside();
    void none.loop.claimAll();
    none.loop.claimBeside();
    expect(none.limits).toEqual([500]);
  });

  it('fails the look when it fails, which ends what it has begun', async () => {
    const { loop, doors, claims, limits, state, began, claiming } = await busy([['b']], 300);
    state.besideFails = true;
    loop.claimBeside();
    claims[2]?.open();
    await turn();
    claims[1]?.open();
    await turn();
    doors[1]?.open();
    // Nobody knows what it has claimed: the look suspects, and looks again.
    await expect(claiming).rejects.toThrow('The claim beside failed.');
    expect(began).toEqual(['a', 'b']);
    // Nobody's place is kept.
    void loop.claimAll();
    expect(limits).toEqual([284, 283, 16, 284]);
  });
});
