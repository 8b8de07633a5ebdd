import type { RunLeases, RunLease } from '@stepwell/engine';
import { Strays } from './strays.js';

describe('runs that are leased to a worker that does not hold them', () => {
  let leased: string[];
  let looks: number;
  let given: string[];
  let here: Record<'active' | 'expected' | 'heldBack', string | undefined>;
  let strays: Strays;
  let now: number;
  beforeEach(() => {
    now = 0;
    [leased, looks, given, here] = [[], 0, [], { active: undefined, expected: undefined, heldBack: undefined }];
    const runs = {
      leasedTo: () => {
        looks++;
        return Promise.resolve(leased.map((id) => ({ tenant: 't', id, epoch: 1 })));
      },
      giveBack: ({ id }: RunLease) => Promise.resolve(void given.push(id)),
    } as unknown as RunLeases;
    const active = { has: (id: string) => id === here.active || id === here.expected, expects: (id: string) => id === here.expected };
    const [heldBack, dispatches] = [{ has: (id: string) => id === here.heldBack }, { reconcile: () => Promise.resolve() }];
    strays = new Strays({ runs, active, heldBack, dispatches, timers: { steadyNow: () => now } });
  });

  it('are looked for when some are suspected, once', async () => {
    await strays.giveBack('w');
    expect(looks).toBe(0);
    leased = ['held', 'stray', 'failing'];
    Object.assign(here, { active: 'held', heldBack: 'failing' });
    strays.suspect();
    await strays.giveBack('w');
    await strays.giveBack('w');
    expect([looks, given]).toEqual([1, ['stray']]);
  });

  it('are found in the end, also where somebody expected one and brought nothing', async () => {
    leased = ['stray'];
    here.expected = 'stray';
    strays.suspect();
    await strays.giveBack('w');
    now = 30_000;
    await strays.giveBack('w');
    // While a worker is busy somebody is expected at each look.
    await strays.giveBack('w');
    expect([looks, given]).toEqual([2, []]);
    here.expected = undefined;
    now = 60_000;
    await strays.giveBack('w');
    expect(given).toEqual(['stray']);
  });

  it('are found also when what leased them comes to its end after the first look, and then nobody looks any more', async () => {
    strays.suspect();
    await strays.giveBack('w');
    now = 12_000;
    leased = ['late'];
    await strays.giveBack('w');
    expect(given).toEqual(['late']);
    leased = [];
    now = 60_000;
    await strays.giveBack('w');
    const before = looks;
    now = 120_000;
    await strays.giveBack('w');
    expect([before, looks]).toEqual([3, 3]);
  });
});
