import { Logger } from '@nestjs/common';
import { WakeUpQueue } from '@stepwell/engine';
import { EVENTS_QUEUE, EventLoop } from './event-loop.js';
import type { EventRouter } from './event-router.js';

const { jest } = import.meta;
Logger.overrideLogger(false);

class LocalWakeUps extends WakeUpQueue {
  private readonly listeners = new Set<(queue: string) => void>();
  isDeaf = false;
  override get isListening(): boolean {
    return !this.isDeaf;
  }
  wake(queues: Iterable<string>): void {
    for (const queue of queues) for (const listener of this.listeners) listener(queue);
  }
  async listen(_queues: readonly string[], onWake: (queue: string) => void): Promise<() => Promise<void>> {
    this.listeners.add(onWake);
    return async () => void this.listeners.delete(onWake);
  }
  async close(): Promise<void> {
    this.listeners.clear();
  }
}

/** A router with so many batches to do, all but the last of them full. */
function routerWith(batches: number) {
  const state = { batches, passes: 0, retryMs: undefined as number | undefined, error: undefined as Error | undefined };
  const router = {
    pass: async () => {
      state.passes++;
      if (state.error) throw state.error;
      return state.batches > 0 ? { found: 1, mayBeMore: --state.batches > 0 } : { found: 0, mayBeMore: false };
    },
    takeSoonestRetry: () => {
      const { retryMs } = state;
      state.retryMs = undefined;
      return retryMs;
    },
  };
  return { state, router: router as unknown as EventRouter };
}

describe('the event loop', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('works at its start, and at each hint, until nothing is left', async () => {
    const { state, router } = routerWith(3);
    const wakeUps = new LocalWakeUps();
    const loop = new EventLoop(router, wakeUps);
    await loop.start();
    await pass(0);
    expect(state).toMatchObject({ batches: 0, passes: 3 });
    state.batches = 2;
    wakeUps.wake([EVENTS_QUEUE]);
    await pass(0);
    expect(state).toMatchObject({ batches: 0, passes: 5 });
    await loop.stop();
  });

  it('sweeps after 2 s when it was busy, then more seldom, every 10 s when idle', async () => {
    const { state, router } = routerWith(1);
    const loop = new EventLoop(router, new LocalWakeUps());
    await loop.start();
    await pass(0);
    const at: number[] = [];
    for (let second = 1; second <= 40; second++) {
      const before = state.passes;
      await pass(1_000);
      if (state.passes > before) at.push(second);
    }
    expect(at).toEqual([2, 6, 14, 24, 34]);
    await loop.stop();
  });

  it('sweeps every 2 s when it cannot hear the other processes', async () => {
    const { state, router } = routerWith(0);
    const wakeUps = new LocalWakeUps();
    wakeUps.isDeaf = true;
    const loop = new EventLoop(router, wakeUps);
    await loop.start();
    await pass(20_000);
    expect(state.passes).toBe(11);
    await loop.stop();
  });

  it('comes back for a retry when it is due', async () => {
    const { state, router } = routerWith(1);
    state.retryMs = 1_000;
    const loop = new EventLoop(router, new LocalWakeUps());
    await loop.start();
    await pass(999);
    const before = state.passes;
    await pass(1);
    expect(state.passes).toBeGreaterThan(before);
    await loop.stop();
  });

  it('goes on after the database was away, and does nothing once stopped', async () => {
    const { state, router } = routerWith(1);
    state.error = new Error('connection refused');
    const wakeUps = new LocalWakeUps();
    const loop = new EventLoop(router, wakeUps);
    await loop.start();
    await pass(0);
    state.error = undefined;
    await pass(10_000);
    expect(state.batches).toBe(0);
    await loop.stop();
    const before = state.passes;
    wakeUps.wake([EVENTS_QUEUE]);
    await pass(60_000);
    expect(state.passes).toBe(before);
  });
});
