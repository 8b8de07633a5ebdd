import { type Opened, ShardPlace } from './shard-place.js';

/** A place whose attempts end as is said, and whose pauses are over at once. */
function placeOf(outcomes: readonly (string | null)[], pause?: (signal: AbortSignal) => Promise<void>) {
  const told: string[] = [];
  const pauses: number[] = [];
  let closed = 0;
  let attempts = 0;
  let settle = (): void => undefined;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  const place = new ShardPlace('Shard "eu"', {
    open: async (): Promise<Opened> => {
      await Promise.resolve();
      const outcome = outcomes[attempts++] ?? null;
      if (outcome !== null) throw new Error(outcome);
      return { close: () => Promise.resolve(void closed++) };
    },
    mayWait: (error) => (error as Error).message !== 'wrong',
    warn: (line) => told.push(line),
    say: (line) => {
      told.push(line);
      settle();
    },
    pause: (ms, signal) => {
      pauses.push(ms);
      return pause?.(signal) ?? Promise.resolve();
    },
  });
  return { place, told, pauses, settled, closed: () => closed, attempts: () => attempts };
}

it('is open at once when its database is there, and says nothing', async () => {
  const { place, told, closed } = placeOf([null]);
  await place.start();
  expect(told).toEqual([]);
  await place.stop();
  expect(closed()).toBe(1);
});

it('lets what waiting does not mend end the start', async () => {
  await expect(placeOf(['wrong']).place.start()).rejects.toThrow('wrong');
});

it('tries again with longer pauses while it is away, in whichever way, and tells each once', async () => {
  const { place, told, pauses, settled } = placeOf(['away', 'away', 'wrong', 'away', 'away', 'away', 'away', null]);
  await place.start();
  await settled;
  expect(told).toEqual([
    'Shard "eu" cannot be opened; all others go on, and it is tried again: away',
    'Shard "eu" still cannot be opened: wrong',
    'Shard "eu" still cannot be opened: away',
    'Shard "eu" is there.',
  ]);
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

it('stops in a pause, and tries no more', async () => {
  const untilStopped = (signal: AbortSignal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  const { place, closed, attempts } = placeOf(['away'], untilStopped);
  await place.start();
  await place.stop();
  expect([closed(), attempts()]).toEqual([0, 1]);
});
