import { setImmediate as turn } from 'node:timers/promises';

/** To begin so many runs takes some milliseconds; meanwhile nothing that comes is heard. */
const PORTION = 50;

/** Portion by portion, with a turn of the event loop before each but the first: what others wait for comes in between. */
export async function* inPortions<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let from = 0; from < items.length; from += PORTION) {
    if (from > 0) await turn();
    yield from === 0 && items.length <= PORTION ? items : items.slice(from, from + PORTION);
  }
}
