import { Lease } from './lease.js';

const LEASE_MS = 15_000;

describe('a lease', () => {
  let now: number;
  let lease: Lease;
  const beat = (seconds: number, heardForSeconds: number): void => {
    now = seconds * 1_000;
    lease.renewed(now, heardForSeconds * 1_000);
  };
  const at = (seconds: number): Lease => {
    now = seconds * 1_000;
    return lease;
  };
  beforeEach(() => {
    lease = new Lease(LEASE_MS, () => now);
    beat(0, 0);
  });

  it('is sure from before the heartbeat was sent until it runs out', () => {
    expect(at(14.9).isSure).toBe(true);
    expect(at(15).isSure).toBe(false);
    expect(new Lease(LEASE_MS, () => now).isSure).toBe(false);
  });

  it('lets nobody be judged at once where nobody was heard: all may be back from the same outage', () => {
    for (const seconds of [5, 10]) {
      beat(seconds, seconds);
      expect(lease.mayJudge).toBe(false);
    }
    beat(15, 15);
    expect(lease.mayJudge).toBe(true);
  });

  it('lets others be judged at once where somebody was heard all the time', () => {
    beat(1, 15);
    expect(lease.mayJudge).toBe(true);
  });

  it('lets nobody be judged while its own heartbeats are lost, even before it has run out, nor after an outage of everybody', () => {
    for (const seconds of [5, 10, 15, 20]) beat(seconds, seconds);
    // The heartbeats of 25 and 30 are lost; others have run out at 33, and are not yet back.
    expect(at(34).isSure).toBe(true);
    expect(at(34).mayJudge).toBe(false);
    for (const seconds of [34, 39, 44]) {
      beat(seconds, seconds - 34);
      expect(lease.mayJudge).toBe(false);
    }
    beat(49, 15);
    expect(lease.mayJudge).toBe(true);
  });

  it('forgives a heartbeat that is a little late', () => {
    beat(12, 20);
    expect(at(19).mayJudge).toBe(true);
  });
});
