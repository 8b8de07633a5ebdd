import { Alarm } from './alarm.js';
import { DueTimer } from './due-timer.js';
import { HeldBack } from './held-back.js';
import { LookOut } from './look-out.js';

const { jest } = import.meta;
const DAY_MS = 86_400_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('an alarm', () => {
  it('rings once, after a delay of any length', () => {
    const ring = jest.fn();
    new Alarm().set(90 * DAY_MS, ring);
    jest.advanceTimersByTime(90 * DAY_MS - 1);
    expect(ring).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(ring).toHaveBeenCalledTimes(1);
  });

  it('rings for what was set last, and for nothing that was cleared', () => {
    const [first, second] = [jest.fn(), jest.fn()];
    const alarm = new Alarm();
    alarm.set(60 * DAY_MS, first);
    alarm.set(-5, second);
    jest.advanceTimersByTime(100 * DAY_MS);
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledTimes(1);
    alarm.set(5, second);
    alarm.clear();
    jest.advanceTimersByTime(DAY_MS);
    expect(second).toHaveBeenCalledTimes(1);
  });
});

describe('the timer of due runs', () => {
  it('rings for the earliest, and not for what sweeps still come before', () => {
    const ring = jest.fn();
    const timer = new DueTimer(1_000, ring);
    timer.expect(500);
    timer.expect(800);
    timer.expect(300);
    jest.advanceTimersByTime(300);
    expect(ring).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(5_000);
    expect(ring).toHaveBeenCalledTimes(1);
    timer.expect(DAY_MS);
    jest.advanceTimersByTime(DAY_MS);
    expect(ring).toHaveBeenCalledTimes(1);
    timer.expect(1_500);
    jest.advanceTimersByTime(1_500);
    expect(ring).toHaveBeenCalledTimes(2);
  });
});

describe('what is held back', () => {
  const until = async (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('is given back at once the first time, then after pauses that double up to half a minute', async () => {
    const given: string[] = [];
    const held = new HeldBack<string>(
      async (lease) => void given.push(lease),
      () => undefined,
    );
    const pauses: number[] = [];
    for (let time = 1; time <= 12; time++) {
      const since = performance.now();
      held.hold('run', `lease ${time}`);
      while (held.has('run')) await jest.advanceTimersToNextTimerAsync();
      pauses.push(performance.now() - since);
    }
    expect(pauses.map((pause) => Math.floor(pause / 100) * 100)).toEqual([
      0, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000,
    ]);
    expect(given.at(-1)).toBe('lease 12');
  });

  it('begins anew after it went well', async () => {
    const held = new HeldBack<string>(
      () => Promise.resolve(),
      () => undefined,
    );
    for (let time = 0; time < 5; time++) held.hold('run', 'lease');
    held.forget('run');
    held.hold('run', 'lease');
    await until(1);
    expect(held.has('run')).toBe(false);
  });

  it('stays held when it cannot be given back, and tells nobody until it is', async () => {
    let down = true;
    const look = jest.fn();
    const held = new HeldBack<string>(() => (down ? Promise.reject(new Error('no database')) : Promise.resolve()), look);
    held.hold('run', 'lease');
    await until(1_000);
    expect(held.has('run')).toBe(true);
    expect(look).not.toHaveBeenCalled();
    down = false;
    await until(60_000);
    expect(held.has('run')).toBe(false);
    expect(look).toHaveBeenCalledTimes(1);
  });
});

describe('the look-out', () => {
  const lookOut = (isListening: () => boolean, found: () => number = () => 0) => {
    const looks: number[] = [];
    const start = performance.now();
    const made = new LookOut({
      lookOnce: async () => {
        looks.push(Math.round(performance.now() - start));
        return found();
      },
      onError: () => undefined,
      isListening,
      busyPollMs: 25,
    });
    made.start();
    return { made, looks };
  };

  it('asks nothing by itself while it hears hints', async () => {
    const { looks } = lookOut(() => true);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(looks).toEqual([]);
  });

  it('polls while it hears none: often after work was found, every two seconds when idle', async () => {
    let work = 3;
    const { looks } = lookOut(
      () => false,
      () => (work-- > 0 ? 1 : 0),
    );
    await jest.advanceTimersByTimeAsync(60_000);
    const gaps = looks.map((at, index) => at - (looks[index - 1] ?? 0));
    expect(gaps.slice(0, 10)).toEqual([25, 25, 25, 25, 50, 100, 200, 400, 800, 1600]);
    expect(new Set(gaps.slice(10))).toEqual(new Set([2000]));
  });

  it('notices within two seconds that hints are no longer heard', async () => {
    let isListening = true;
    const { looks } = lookOut(() => isListening);
    await jest.advanceTimersByTimeAsync(10_000);
    isListening = false;
    await jest.advanceTimersByTimeAsync(2_000);
    expect(looks.length).toBeGreaterThan(0);
  });

  it('makes one more look for any number of calls during a look', async () => {
    const { made, looks } = lookOut(() => true);
    for (let call = 0; call < 10; call++) made.look();
    await jest.advanceTimersByTimeAsync(1);
    expect(looks).toHaveLength(2);
  });

  it('looks again soon while something was locked, ever more seldom', async () => {
    const { made, looks } = lookOut(
      () => true,
      () => {
        made.lookSoon();
        return 0;
      },
    );
    made.look();
    await jest.advanceTimersByTimeAsync(10_000);
    const gaps = looks.slice(1).map((at, index) => at - (looks[index] ?? 0));
    expect(gaps.slice(0, 8)).toEqual([5, 10, 20, 40, 80, 160, 320, 500]);
    expect(new Set(gaps.slice(8))).toEqual(new Set([500]));
  });
});
