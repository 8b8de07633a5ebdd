/** Each sentence of the verdict has to be able to come, and must not when nothing is wrong. */
import { SERVER_STATEMENTS, WORKER_STATEMENTS } from './failpoints/order.js';
import { type Fault, FAULTS } from './faults.js';
import { Outages } from './outages.js';
import type { TakeOver } from './take-overs.js';
import { Tally } from './tally.js';
import { type Done, reach, shortcomings } from './verdict.js';
import { HARMS } from './workflows/harms.js';

const MINUTE = 60_000;
const takeOver = (undisturbedMs: number, isOver = true): TakeOver => ({ runs: 3, ms: undisturbedMs + 9_000, upMs: undisturbedMs + 4_000, undisturbedMs, isOver }); // prettier-ignore
const alone = (ms: number): TakeOver => ({ runs: 3, ms, upMs: ms, undisturbedMs: ms, isOver: true });
const times = <T>(n: number, one: T): T[] => Array.from({ length: n }, () => one);

/** A campaign of an hour in which all was as it has to be: each fault once a minute. */
function whole(minutes = 60): Done {
  const done = new Tally();
  for (let minute = 0; minute < minutes; minute++) for (const fault of FAULTS) done.note(fault, (minute + 0.5) * MINUTE);
  const places = [...WORKER_STATEMENTS, ...SERVER_STATEMENTS.map((name) => `server ${name}`)];
  return {
    ...{ done, asked: FAULTS, time: { from: 0, to: minutes * MINUTE }, leaseMs: 3_000 },
    poisoned: Object.fromEntries(HARMS.map((harm) => [harm, 1])),
    failpoints: Object.fromEntries(places.map((name) => [`${name}:before:kill`, 1])),
    ...{
      takeOvers: [...times(200, takeOver(7_900)), ...times(200, alone(7_900))],
      recoveries: times(50, { connections: 3_000, acknowledged: 500 }),
    },
  };
}

/** As many of a fault as there were, but none in a part of the time. */
function without(fault: Fault, from: number, to: number): Tally {
  const done = new Tally();
  for (let minute = 0; minute < 60; minute++)
    for (const one of FAULTS) if (one !== fault || minute < from || minute >= to) done.note(one, (minute + 0.5) * MINUTE);
  return done;
}

describe('the verdict on a campaign', () => {
  it('is silent when all was as it has to be', () => expect(shortcomings(whole())).toEqual([]));

  it('names take-overs that took longer than the lease and five seconds, by the 99th percentile of enough', () => {
    const late = (n: number): Done => ({ ...whole(3), takeOvers: [...times(200 - n, takeOver(5_000)), ...times(n, takeOver(8_001))] });
    expect(shortcomings(late(2))).toEqual([]);
    expect(shortcomings(late(3))).toEqual([expect.stringContaining('after 8001 ms (p99 of 200,')]);
    expect(shortcomings({ ...whole(3), takeOvers: times(99, takeOver(9_000)) })).toEqual([]);
  });

  it('judges by themselves those with the database up from the death on, by the median where they are few, and wants enough of them', () => {
    const by = (minutes: number, ...takeOvers: TakeOver[]): string[] =>
      shortcomings({ ...whole(minutes), takeOvers: [...times(3_000, takeOver(1_000)), ...takeOvers] });
    expect(by(60, ...times(99, alone(100)), ...times(1, alone(8_001)))).toEqual([]);
    expect(by(60, ...times(98, alone(100)), ...times(2, alone(8_001)))).toEqual([expect.stringContaining('8001 ms (p99 of 100 with')]);
    expect(by(60, ...times(99, alone(100)))).toEqual([expect.stringContaining('the database was up all along in 99, and')]);
    expect(by(3, ...times(16, alone(100)), ...times(15, alone(8_001)))).toEqual([]);
    expect(by(3, ...times(15, alone(100)), ...times(16, alone(8_001)))).toEqual([expect.stringContaining('8001 ms (median of 31 with')]);
    expect(by(3, ...times(29, alone(9_000)))).toEqual([]);
    expect(by(60, ...[])).toHaveLength(1);
  });

  it('names runs that nobody took over, however few', () => {
    const one = { ...whole(3), takeOvers: [takeOver(60_000, false)] };
    expect(shortcomings(one)).toEqual([expect.stringContaining('The runs of 1 dead workers were not taken over')]);
  });

  it('names an end of the database that nothing was acknowledged after', () => {
    const never = {
      ...whole(),
      recoveries: [{ connections: 1_000, acknowledged: null }, ...times(3, { connections: 1, acknowledged: 1 })],
    };
    expect(shortcomings(never)).toEqual([expect.stringContaining('After 1 of 4 ends of the database')]);
  });

  it('names a fault that did not come in a third of the time, when the thirds are long enough', () => {
    expect(shortcomings({ ...whole(), done: without('poison', 18, 42) })).toEqual([
      'poison came 0 times in the second third of the time, not 3.',
    ]);
    expect(shortcomings({ ...whole(3), done: without('poison', 1, 60) })).toEqual([]);
  });

  it('names the harm of a step that no run has come to, in three minutes or more', () => {
    const { large, nul, ...poisoned } = whole().poisoned;
    expect([large, nul]).toEqual([1, 1]);
    expect(shortcomings({ ...whole(3), poisoned })).toEqual([expect.stringContaining('by large, nul.')]);
    expect(shortcomings({ ...whole(2.9), poisoned })).toEqual([]);
    expect(shortcomings({ ...whole(3), poisoned, asked: ['kill'] })).toEqual([]);
  });

  it('names the statements whose failpoints were not reached, when they are more than a quarter of all', () => {
    const reached = (n: number) => Object.fromEntries(Object.entries(whole().failpoints).slice(0, n));
    const { statements } = reach({});
    expect(shortcomings({ ...whole(), failpoints: reached(Math.ceil(0.75 * statements)) })).toEqual([]);
    expect(shortcomings({ ...whole(), failpoints: reached(Math.ceil(0.75 * statements) - 1) })).toEqual([
      expect.stringContaining(`server ${SERVER_STATEMENTS.at(-1) ?? ''}`),
    ]);
  });
});

describe('the places that were reached', () => {
  it('are a statement and before, in or after it, whatever was done there; a notification is none', () => {
    expect(
      reach({ 'flush:after:kill': 2, 'flush:after:stop': 1, 'flush:sent:kill': 1, 'server commit:before:kill': 1, 'notification:before:drop': 9 }), // prettier-ignore
    ).toMatchObject({ reached: 3, unreached: expect.not.arrayContaining(['flush', 'server commit']) as unknown });
  });
});

const outages = new Outages();
outages.begin(10)(20);
outages.begin(15)(30);
outages.begin(50)(60);
outages.begin(90);

describe('the time in which the database was away', () => {
  it.each([
    ['before all', 0, 10, 0],
    ['around one that overlaps another', 0, 40, 20],
    ['that begins in one', 18, 40, 12],
    ['that ends in one', 40, 55, 5],
    ['within one', 52, 58, 6],
    ['of several, and the one that lasts', 0, 100, 40],
  ])('is counted once: of a time %s', (_, from, to, away) => expect(outages.within(from, to)).toBe(away));
});

describe('the longest time without an outage', () => {
  it.each([
    ['before all', 0, 8, 8],
    ['behind one that overlaps another', 12, 45, 15],
    ['between two', 5, 65, 20],
    ['before one, longer than behind it', 35, 61, 15],
    ['before one that lasts', 40, 100, 30],
    ['within one', 52, 58, 0],
  ])('is looked for %s', (_, from, to, up) => expect(outages.longestUp(from, to)).toBe(up));
});

describe('the tally', () => {
  it('counts by parts of the time, with what came at its very end', () => {
    const tally = new Tally();
    for (const at of [99, 100, 399, 400, 650, 1_000, 1_001]) tally.note('kill', at);
    expect(tally.inParts('kill', 3, 100, 1_000)).toEqual([2, 2, 1]);
  });
});
