import type { WorkerEnd } from './worker-process.js';
import { WorkerPlace } from './worker-place.js';

/** A process that does what the test says. */
class Pretended {
  readonly signals: string[] = [];
  serve!: (isServing: boolean) => void;
  end!: (end: WorkerEnd) => void;
  readonly served = new Promise<boolean>((resolve) => (this.serve = resolve));
  readonly ended = new Promise<WorkerEnd>((resolve) => (this.end = resolve));
  readonly closed = this.ended.then(() => undefined);

  kill(signal: string): void {
    this.signals.push(signal);
  }
}

const DIED: WorkerEnd = { reason: 'signal SIGKILL', wasAsked: false };
const DRAINED: WorkerEnd = { reason: 'exit code 0', wasAsked: true };
/** All that follows from what was done, nothing of it waits for anything. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function makePlace() {
  const [begun, pauses, said]: [Pretended[], number[], string[]] = [[], [], []];
  let isPausing = false;
  const place = new WorkerPlace('worker 1', {
    begin: () => begun[begun.push(new Pretended()) - 1] as Pretended,
    warn: (line) => said.push(line),
    pause: async (ms, signal) => {
      pauses.push(ms);
      if (isPausing) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  });
  return { place, begun, pauses, said, last: () => begun.at(-1) as Pretended, stayInPause: () => (isPausing = true) };
}

describe('a place of the fleet', () => {
  it('starts again what has died, each time in a row after twice the pause, up to half a minute', async () => {
    const { place, begun, pauses, said, last } = makePlace();
    void place.start();
    for (let death = 0; death < 7; death++) {
      last().end(DIED);
      await settled();
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(begun).toHaveLength(8);
    expect(said[0]).toBe('worker 1 has ended by itself (signal SIGKILL). It is started again in 1 s; what it held goes on elsewhere.');
  });

  it('starts again at once, and without a word, what was asked to end', async () => {
    const { place, begun, pauses, said, last } = makePlace();
    const started = place.start();
    last().serve(true);
    await started;
    last().end(DRAINED);
    await settled();
    expect([begun.length, pauses, said]).toEqual([2, [], []]);
    expect(place.isServing).toBe(false);
    last().serve(true);
    await settled();
    expect(place.isServing).toBe(true);
  });

  it('is renewed when the next process takes work', async () => {
    const { place, begun, last } = makePlace();
    void place.start();
    let isRenewed = false;
    void place.renew().then(() => (isRenewed = true));
    expect(begun[0]?.signals).toEqual(['SIGTERM']);
    begun[0]?.end(DRAINED);
    await settled();
    expect([begun.length, isRenewed]).toEqual([2, false]);
    last().serve(true);
    await settled();
    expect(isRenewed).toBe(true);
  });

  it('that is stopped starts nothing any more, not even out of a pause', async () => {
    const { place, begun, last, stayInPause } = makePlace();
    void place.start();
    stayInPause();
    last().end(DIED);
    await settled();
    await place.stop();
    await settled();
    expect(begun).toHaveLength(1);
  });
});
