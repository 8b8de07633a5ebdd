import { coalesce } from './coalesce.js';
import { VirtualTimers } from './virtual-timers.js';

describe('coalesce', () => {
  it('lets the first call through at once and gathers the rest of the gap into one', async () => {
    const timers = new VirtualTimers();
    const calls: number[] = [];
    const ask = coalesce(() => calls.push(timers.now()), 400, timers);
    ask();
    ask();
    await timers.advance(100);
    ask();
    await timers.advance(1_000);
    expect(calls).toEqual([0, 400]);
  });

  it('does not wait when the gap is already over', async () => {
    const timers = new VirtualTimers();
    const calls: number[] = [];
    const ask = coalesce(() => calls.push(timers.now()), 400, timers);
    ask();
    await timers.advance(500);
    ask();
    expect(calls).toEqual([0, 500]);
  });

  it('forgets a gathered call that is canceled', async () => {
    const timers = new VirtualTimers();
    const calls: number[] = [];
    const ask = coalesce(() => calls.push(timers.now()), 400, timers);
    ask();
    ask();
    ask.cancel();
    await timers.advance(1_000);
    expect(calls).toEqual([0]);
  });
});
