/**
 * What every adapter of the port `WakeUpQueue` must do. An adapter's int-spec calls this with a harness; two queues of one harness
 * stand for two processes. Nothing here waits for time: "it is not heard" is shown by a later hint that is.
 */
import type { WakeUpQueue } from '@stepwell/engine';

export interface WakeUpQueueHarness {
  /** A queue as one more process would open it, on the same backend. */
  open(): WakeUpQueue;
  /** Cuts the connections on which hints are heard. The adapter brings them back by itself. */
  interrupt(): Promise<void>;
  /** Closes what was opened, and the backend. */
  close(): Promise<void>;
}

export function wakeUpQueueConformance(adapter: string, prepare: () => Promise<WakeUpQueueHarness>): void {
  describe(`${adapter} as a wake-up queue`, () => {
    let harness: WakeUpQueueHarness;
    beforeEach(async () => {
      harness = await prepare();
    });
    afterEach(() => harness.close());

    it('tells a listener of another process', async () => {
      const heard = await listen(harness.open(), ['default']);
      harness.open().wake(['default']);
      expect(await heard.next()).toBe('default');
    });

    it('tells listeners of its own process too, once for a hint', async () => {
      const queue = harness.open();
      const one = await listen(queue, ['default']);
      const two = await listen(queue, ['default', 'end']);
      queue.wake(['default']);
      expect(await Promise.all([one.next(), two.next()])).toEqual(['default', 'default']);
      const peer = harness.open();
      peer.wake(['end']);
      expect(await two.next()).toBe('end');
      expect(one.waiting()).toEqual([]);
    });

    it('does not wait for the database to tell its own process', async () => {
      const queue = harness.open();
      const heard = await listen(queue, ['default']);
      await harness.interrupt();
      queue.wake(['default']);
      expect(await heard.next()).toBe('default');
    });

    it('tells of the queues that were asked for and of no others, whatever their names', async () => {
      const names = ["it's", 'Größe "1"', 'a,b', '[]', 'end'];
      const [listening, waking] = [harness.open(), harness.open()];
      const heard = await listen(listening, names);
      waking.wake(['unheard', ...names.slice(0, -1)]);
      const all = [await heard.next(), await heard.next(), await heard.next(), await heard.next()];
      waking.wake(['end']);
      expect(await heard.next()).toBe('end');
      expect(all.sort()).toEqual(names.slice(0, -1).sort());
    });

    it('makes few hints of many', async () => {
      const [listening, waking] = [harness.open(), harness.open()];
      const heard = await listen(listening, ['default', 'end']);
      for (let index = 0; index < 10_000; index++) waking.wake(['default']);
      waking.wake(['end']);
      let hints = 1;
      while ((await heard.next()) !== 'end') hints++;
      expect(hints).toBeLessThan(10);
    });

    it('tells everybody who has come by then, also who came a moment ago', async () => {
      const waking = harness.open();
      // Makes it look who listens: nobody yet.
      waking.wake(['default']);
      for (let index = 0; index < 3; index++) {
        const heard = await listen(harness.open(), ['default']);
        // What it says when it begins may overtake a hint, never the other way round.
        await sayUntilHeard(waking, heard);
      }
    });

    it('tells every process by one hint, for only one of them may hold the run', async () => {
      const heard = [await listen(harness.open(), ['default']), await listen(harness.open(), ['default'])];
      harness.open().wake(['default']);
      expect(await Promise.all(heard.map((one) => one.next()))).toEqual(['default', 'default']);
    });

    it('says nothing to who has left', async () => {
      const [listening, waking] = [harness.open(), harness.open()];
      const left = await listen(listening, ['default']);
      const stayed = await listen(listening, ['default']);
      await left.stop();
      waking.wake(['default']);
      expect(await stayed.next()).toBe('default');
      expect(left.waiting()).toEqual([]);
    });

    it('lets no failing listener keep a hint from the others', async () => {
      const [listening, waking] = [harness.open(), harness.open()];
      await listening.listen(['default'], () => {
        throw new Error('a listener that fails');
      });
      const heard = await listen(listening, ['default']);
      waking.wake(['default']);
      expect(await heard.next()).toBe('default');
    });

    it('wakes every listener after a lost connection, for hints may have been lost with it', async () => {
      const listening = harness.open();
      const heard = await listen(listening, ['default', 'mail']);
      await harness.interrupt();
      expect([await heard.next(), await heard.next()].sort()).toEqual(['default', 'mail']);
      expect(listening.isListening).toBe(true);
      harness.open().wake(['mail']);
      expect(await heard.next()).toBe('mail');
    });

    it('throws nothing and hangs nowhere when it is closed, twice, or used afterwards', async () => {
      const queue = harness.open();
      await listen(queue, ['default']);
      queue.wake(['default']);
      await queue.close();
      await queue.close();
      queue.wake(['default']);
      expect(queue.isListening).toBe(false);
    });
  });
}

interface Heard {
  /** The next hint; waits for it. */
  next(): Promise<string>;
  /** What has come and was not taken. */
  waiting(): readonly string[];
  stop(): Promise<void>;
}

async function listen(queue: WakeUpQueue, names: readonly string[]): Promise<Heard> {
  const hints: string[] = [];
  const takers: ((hint: string) => void)[] = [];
  const stop = await queue.listen(names, (hint) => {
    const taker = takers.shift();
    if (taker) taker(hint);
    else hints.push(hint);
  });
  return {
    next: () => new Promise((resolve) => (hints.length > 0 ? resolve(hints.shift() as string) : takers.push(resolve))),
    waiting: () => hints,
    stop,
  };
}

/** A newcomer's greeting and a hint are on their way at the same time, so the first hints may pass it by; a hint is repeated by nature. */
async function sayUntilHeard(waking: WakeUpQueue, heard: Heard): Promise<void> {
  let isHeard = false;
  const hint = heard.next().then(() => {
    isHeard = true;
  });
  while (!isHeard) {
    waking.wake(['default']);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await hint;
}
