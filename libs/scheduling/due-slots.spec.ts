import fc from 'fast-check';
import { CronTimes } from './cron-times.js';
import { type DueSlots, dueSlots, LATE_MS, MAX_MISSED, type SlotRule, type SlotState, type SlotTimes } from './due-slots.js';

const MINUTE = 60_000;

/** Due at every multiple of a period. */
function every(period: number): SlotTimes {
  return {
    next: (after) => (Math.floor(after / period) + 1) * period,
    latest: (count, until) => Array.from({ length: count }, (_, index) => (Math.floor(until / period) - count + 1 + index) * period),
  };
}

function settle(rule: Partial<SlotRule>, state: Partial<SlotState>): DueSlots {
  return dueSlots(
    { times: every(MINUTE), overlap: 'skip', catchUp: 'latest', ...rule },
    { now: 0, settledUntil: 0, settled: new Set(), isRunGoing: false, isPaused: false, ...state },
  );
}

const short = ({ slots }: DueSlots) => slots.map(({ dueAt, outcome, reason }) => `${dueAt / MINUTE} ${reason ?? outcome}`);

describe('due slots', () => {
  it('are none before the next due time', () => {
    expect(settle({}, { settledUntil: 5 * MINUTE, now: 6 * MINUTE - 1 })).toEqual({ slots: [], settledUntil: 5 * MINUTE, isHeld: false });
  });

  it('fire at their time, and a little later', () => {
    expect(short(settle({}, { settledUntil: 5 * MINUTE, now: 6 * MINUTE }))).toEqual(['6 fired']);
    expect(short(settle({ catchUp: 'none' }, { settledUntil: 5 * MINUTE, now: 6 * MINUTE + LATE_MS }))).toEqual(['6 fired']);
  });

  it('are settled up to the last one, never up to now: a clock that goes back finds nothing settled that is still to come', () => {
    const { settledUntil } = settle({}, { now: 10 * MINUTE + 30_000 });
    expect(settledUntil).toBe(10 * MINUTE);
    expect(settle({}, { settledUntil, now: 8 * MINUTE })).toEqual({ slots: [], settledUntil, isHeld: false });
  });

  it('of a paused schedule are all skipped, whatever the rule says of missed ones', () => {
    const state = { settledUntil: 5 * MINUTE, now: 7 * MINUTE, isPaused: true };
    for (const catchUp of ['latest', 'all', 'none'] as const)
      expect(short(settle({ catchUp }, { ...state, isRunGoing: true }))).toEqual(['6 paused', '7 paused']);
    const [before] = settle({}, { now: (MAX_MISSED + 2) * MINUTE, isPaused: true }).slots;
    expect(before?.reason).toMatch(/^paused, as were 1 slots before it/);
  });

  describe('that were missed', () => {
    const missed = { settledUntil: 5 * MINUTE, now: 8 * MINUTE + 30_000 };

    it('are skipped, the newest fires (latest)', () => {
      expect(short(settle({ catchUp: 'latest' }, missed))).toEqual(['6 missed', '7 missed', '8 fired']);
    });

    it('do not fire beside a live one (latest)', () => {
      expect(short(settle({ catchUp: 'latest', overlap: 'allow' }, { ...missed, now: 8 * MINUTE }))).toEqual([
        '6 missed',
        '7 missed',
        '8 fired',
      ]);
    });

    it('are all skipped, a live one fires (none)', () => {
      expect(short(settle({ catchUp: 'none' }, missed))).toEqual(['6 missed', '7 missed', '8 missed']);
      expect(short(settle({ catchUp: 'none' }, { ...missed, now: 8 * MINUTE }))).toEqual(['6 missed', '7 missed', '8 fired']);
    });

    it('fire each, together where runs may overlap (all)', () => {
      expect(short(settle({ catchUp: 'all', overlap: 'allow' }, missed))).toEqual(['6 fired', '7 fired', '8 fired']);
    });

    it('fire each, one after the other where runs may not overlap (all)', () => {
      const first = settle({ catchUp: 'all' }, missed);
      expect(first).toEqual({ slots: [{ dueAt: 6 * MINUTE, outcome: 'fired', reason: null }], settledUntil: 6 * MINUTE, isHeld: true });
      const waiting = settle({ catchUp: 'all' }, { settledUntil: 6 * MINUTE, now: missed.now, isRunGoing: true });
      expect(waiting).toEqual({ slots: [], settledUntil: 6 * MINUTE, isHeld: true });
      // A live one comes due meanwhile: skipped as ever, and not settled twice.
      const live = settle({ catchUp: 'all' }, { settledUntil: 6 * MINUTE, now: 9 * MINUTE, isRunGoing: true });
      expect({ ...live, slots: short(live) }).toEqual({ slots: ['9 overlap'], settledUntil: 6 * MINUTE, isHeld: true });
      const second = settle({ catchUp: 'all' }, { settledUntil: 6 * MINUTE, now: 9 * MINUTE + 30_000, settled: new Set([9 * MINUTE]) });
      expect({ ...second, slots: short(second) }).toEqual({ slots: ['7 fired'], settledUntil: 7 * MINUTE, isHeld: true });
      const last = settle({ catchUp: 'all' }, { settledUntil: 7 * MINUTE, now: 9 * MINUTE + 40_000, settled: new Set([9 * MINUTE]) });
      expect({ ...last, slots: short(last) }).toEqual({ slots: ['8 fired'], settledUntil: 9 * MINUTE, isHeld: false });
    });
  });

  it('are skipped while the run before is going, unless runs may overlap', () => {
    const state = { settledUntil: 5 * MINUTE, now: 6 * MINUTE, isRunGoing: true };
    expect(short(settle({}, state))).toEqual(['6 overlap']);
    expect(short(settle({ overlap: 'allow' }, state))).toEqual(['6 fired']);
    expect(short(settle({}, { ...state, now: 8 * MINUTE + 30_000 }))).toEqual(['6 missed', '7 missed', '8 overlap']);
  });

  it('of many missed ones have a row each for the newest, and one that speaks for all before them', () => {
    const end = 1_500 * MINUTE;
    const { slots, settledUntil } = settle({}, { now: end });
    expect(slots).toHaveLength(MAX_MISSED + 1);
    expect(slots[0]).toEqual({
      dueAt: 500 * MINUTE,
      outcome: 'skipped',
      reason: `missed, as were 499 slots before it, since ${new Date(MINUTE).toISOString()}`,
    });
    expect(slots[1]).toEqual({ dueAt: 501 * MINUTE, outcome: 'skipped', reason: 'missed' });
    expect(slots.at(-1)).toEqual({ dueAt: end, outcome: 'fired', reason: null });
    expect(settledUntil).toBe(end);
    expect(settle({}, { now: (MAX_MISSED + 1) * MINUTE }).slots[0]).toMatchObject({ dueAt: MINUTE, reason: 'missed' });
    expect(settle({ catchUp: 'all', overlap: 'allow' }, { now: end }).slots.filter(({ outcome }) => outcome === 'fired')).toHaveLength(
      MAX_MISSED,
    );
  });

  it('are not counted for ever', () => {
    const year = settle({ times: every(1_000) }, { now: 365 * 86_400_000 });
    expect(year.slots[0]?.reason).toBe('missed, as were at least 4999 slots before it, since 1970-01-01T00:00:01.000Z');
    expect(year.slots).toHaveLength(MAX_MISSED + 1);
  });

  it('follow the wall clock of their zone over the night in which an hour comes twice', () => {
    const times = new CronTimes('30 2 * * *', 'Europe/Berlin');
    const first = Date.parse('2026-10-25T00:30:00Z');
    const fired = settle({ times, catchUp: 'all', overlap: 'allow' }, { settledUntil: first - 1, now: first + 86_400_000 });
    expect(fired.slots.map(({ dueAt }) => new Date(dueAt).toISOString())).toEqual(['2026-10-25T00:30:00.000Z']);
  });

  it('are settled exactly once and in order, whatever the clock, the runs and the processes do', () => {
    const step = fc.record({ jump: fc.integer({ min: -5 * MINUTE, max: 30 * MINUTE }), isRunGoing: fc.boolean(), isLost: fc.boolean() });
    const rule = fc.record({
      overlap: fc.constantFrom('skip' as const, 'allow' as const),
      catchUp: fc.constantFrom('latest' as const, 'all' as const, 'none' as const),
    });
    fc.assert(
      fc.property(rule, fc.array(step, { maxLength: 40 }), (policy, steps) => {
        const rows = new Map<number, string>();
        let [now, settledUntil] = [0, 0];
        for (const { jump, isRunGoing, isLost } of steps) {
          now = Math.max(0, now + jump);
          const settled = new Set([...rows.keys()].filter((dueAt) => dueAt > settledUntil));
          const outcome = settle(policy, { now, settledUntil, settled, isRunGoing });
          // A commit that is lost leaves nothing behind.
          if (isLost) continue;
          for (const { dueAt, outcome: verdict } of outcome.slots) {
            expect(rows.has(dueAt)).toBe(false);
            expect(dueAt).toBeLessThanOrEqual(now);
            rows.set(dueAt, verdict);
          }
          expect(outcome.settledUntil).toBeGreaterThanOrEqual(settledUntil);
          settledUntil = outcome.settledUntil;
        }
        for (let dueAt = MINUTE; dueAt <= settledUntil; dueAt += MINUTE) expect(rows.has(dueAt)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
