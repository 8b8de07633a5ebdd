import { Lease } from './lease.js';

const LEASE_MS = 15_000;

describe('a lease', () => {
  let now: number;
  let lease: Lease;
  const beat = (seconds: number, wasHeld = true): void => {
    now = seconds * 1_000;
    lease.renewed(now, wasHeld);
  };
  const at = (seconds: number): Lease => {
    now = seconds * 1_000;
    return lease;
  };
  beforeEach(() => {
    lease = new Lease(LEASE_MS, () => now);
    beat(0, false);
  });

  it('is sure from before the heartbeat was sent until it runs out', () => {
    expect(at(14.9).isSure).toBe(true);
    expect(at(15).isSure).toBe(false);
    expect(new Lease(LEASE_MS, () => now).isSure).toBe(false);
  });

  it('lets nobody be judged at once: all may be back from the same outage', () => {
    for (const seconds of [5, 10]) {
      beat(seconds);
      expect(lease.mayJudge).toBe(false);
    }
    beat(15);
    expect(lease.mayJudge).toBe(true);
  });

  it('lets nobody be judged after an outage of its own, even one that it has outlasted', () => {
    for (const seconds of [5, 10, 15, 20]) beat(seconds);
    // The heartbeats of 25 and 30 are lost; others have run out at 33, and are not yet back.
    expect(at(34).isSure).toBe(true);
    expect(at(34).mayJudge).toBe(false);
    beat(34);
    expect(lease.mayJudge).toBe(false);
    for (const seconds of [39, 44]) beat(seconds);
    expect(lease.mayJudge).toBe(false);
    beat(49);
    expect(lease.mayJudge).toBe(true);
  });

  it('lets nobody be judged when it had run out although our clock saw no time pass', () => {
    for (const seconds of [5, 10, 15]) beat(seconds);
    beat(20, false);
    expect(at(21).mayJudge).toBe(false);
  });

  it('forgives a heartbeat that is a little late', () => {
    for (const seconds of [5, 12, 17]) beat(seconds);
    expect(lease.mayJudge).toBe(true);
  });
});
