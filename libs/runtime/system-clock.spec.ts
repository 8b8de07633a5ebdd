import { SystemClock } from './system-clock.js';

const HOUR_MS = 3_600_000;
const NOON = Date.parse('2026-06-01T12:00:00Z');

describe('the clock of a process', () => {
  let machine: number;
  let steady: number;
  let clock: SystemClock;
  beforeEach(() => {
    [machine, steady] = [NOON + HOUR_MS, 0];
    clock = new SystemClock(
      () => machine,
      () => steady,
    );
  });

  it('is the machine’s until the database was heard', () => {
    expect(clock.now()).toBe(NOON + HOUR_MS);
  });

  it('is the database’s from then on, half of the answer’s way allowed for, whatever happens to the machine’s', () => {
    clock.observe(NOON, 0, 100);
    steady = 100;
    expect(clock.now()).toBe(NOON + 50);
    machine -= 2 * HOUR_MS;
    steady = 5_100;
    expect(clock.now()).toBe(NOON + 5_050);
  });

  it('is not shaken by slow answers, but follows the database as far as an answer proves it wrong', () => {
    clock.observe(NOON, 0, 2);
    clock.observe(NOON + 5_900, 5_000, 6_000);
    steady = 6_000;
    expect(clock.now()).toBe(NOON + 5_999);
    // As after a suspension: the steady clock has stood still for an hour.
    clock.observe(NOON + HOUR_MS + 11_000, 11_000, 11_010);
    steady = 11_010;
    expect(clock.now()).toBe(NOON + HOUR_MS + 11_000);
  });
});
