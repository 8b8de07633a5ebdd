import { Batcher } from './batcher.js';

describe('a batcher with a bound', () => {
  it('refuses at once what would wait beyond it, takes the rest, and takes more when a batch has gone', async () => {
    const sends: (() => void)[] = [];
    const batcher = new Batcher<string, string>(
      (items) => new Promise((resolve) => sends.push(() => resolve(items.map((value) => ({ ok: true, value }))))),
      {
        inFlight: 1,
        maxItems: 2,
        maxBytes: 1_000,
        bytesOf: (item) => item.length,
        mostWaiting: { bytes: 10, refuse: () => new Error('full') },
      },
    );
    const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const first = [batcher.add('aaaaa'), batcher.add('bbbbb')];
    await turn();
    // In flight: they do not count.
    const second = [batcher.add('ccccc'), batcher.add('ddddd')];
    await expect(batcher.add('e')).rejects.toThrow('full');
    sends.shift()?.();
    expect(await Promise.all(first)).toEqual(['aaaaa', 'bbbbb']);
    await turn();
    const third = batcher.add('a single one that is larger than the bound');
    sends.shift()?.();
    await Promise.all(second);
    await turn();
    sends.shift()?.();
    expect(await third).toContain('single');
  });
});
