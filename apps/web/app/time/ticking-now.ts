// One clock for all relative times of the page, so that a hundred rows tick together and cost one timer. It stops while the page is
// hidden or nobody looks.
import { useSyncExternalStore } from 'react';

/** Relative times of less than a minute are shown in steps of five seconds; live bars grow once a second. */
const TICK_MS = 1_000;

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick(): void {
  if (document.hidden) return;
  now = Date.now();
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(tick, TICK_MS);
    document.addEventListener('visibilitychange', tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    document.removeEventListener('visibilitychange', tick);
  };
}

/** The time, in steps of `stepMs`: a component is drawn again only when its step changes. */
export function useNow(stepMs = TICK_MS): number {
  return useSyncExternalStore(listen, () => Math.floor((timer === undefined ? Date.now() : now) / stepMs) * stepMs);
}
