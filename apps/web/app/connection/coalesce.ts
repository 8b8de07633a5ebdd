/** What `coalesce` needs of the world; tests bring their own. */
export interface Timers {
  now(): number;
  set(callback: () => void, ms: number): unknown;
  clear(handle: unknown): void;
}

export const browserTimers: Timers = {
  now: () => Date.now(),
  set: (callback, ms) => setTimeout(callback, ms),
  clear: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
};

export interface Coalesced {
  (): void;
  /** Forgets a call that is still to come. */
  cancel(): void;
}

/**
 * Many calls become few: the first goes through at once, later ones are gathered into one call at the end of the gap.
 *
 * @param gapMs the least time between two calls
 */
export function coalesce(call: () => void, gapMs: number, timers: Timers = browserTimers): Coalesced {
  let last = -Infinity;
  let pending: unknown;
  const run = () => {
    pending = undefined;
    last = timers.now();
    call();
  };
  const ask = () => {
    if (pending !== undefined) return;
    const wait = last + gapMs - timers.now();
    if (wait <= 0) run();
    else pending = timers.set(run, wait);
  };
  return Object.assign(ask, {
    cancel: () => {
      if (pending !== undefined) timers.clear(pending);
      pending = undefined;
    },
  });
}
