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

describe('a batcher with lanes', () => {
  const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  /** One batch in flight, of three items; the first letter of an item is its lane, and the whole of it its key. */
  const house = (maxItems = 3) => {
    const sent: string[][] = [];
    const ends: (() => void)[] = [];
    const batcher = new Batcher<string, string>(
      (items) => {
        sent.push([...items]);
        return new Promise((resolve) => ends.push(() => resolve(items.map((value) => ({ ok: true, value })))));
      },
      { inFlight: 1, maxItems, maxBytes: 1_000, bytesOf: () => 1, keyOf: (item) => item, laneOf: (item) => item.charAt(0) },
    );
    return { batcher, sent, end: (batch: number) => ends[batch]?.() };
  };

  it('shares a batch among them, each in its order, whoever has the longer queue', async () => {
    const { batcher, sent, end } = house();
    const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2'].map((item) => batcher.add(item));
    await turn();
    end(0);
    await turn();
    end(1);
    await Promise.all(all);
    expect(sent).toEqual([
      ['a1', 'b1', 'a2'],
      ['a3', 'b2', 'a4'],
    ]);
  });

  it('lets one that has nothing in flight go out beside the others, and nobody else', async () => {
    const { batcher, sent, end } = house();
    const all = ['a1', 'a2', 'a3', 'a4'].map((item) => batcher.add(item));
    await turn();
    all.push(batcher.add('b1'));
    await turn();
    expect(sent).toEqual([['a1', 'a2', 'a3'], ['b1']]);
    // It has something in flight now, and the way beside the others is taken.
    all.push(batcher.add('b2'), batcher.add('c1'));
    await turn();
    expect(sent).toHaveLength(2);
    end(1);
    expect(await all[4]).toBe('b1');
    await turn();
    expect(sent[2]).toEqual(['b2', 'c1']);
    end(0);
    await turn();
    expect(sent[3]).toEqual(['a4']);
    end(2);
    end(3);
    await Promise.all(all);
  });

  it('lets one go out beside the others again as soon as it is told of its last one', async () => {
    const { batcher, sent, end } = house();
    const first = batcher.add('a1');
    await turn();
    const chained = batcher.add('b1').then(() => batcher.add('b2'));
    await turn();
    end(1);
    await turn();
    expect(sent).toEqual([['a1'], ['b1'], ['b2']]);
    end(2);
    await chained;
    end(0);
    await first;
  });

  it('never puts two of one key into a batch, and forgets the lanes that are done', async () => {
    const { batcher, sent, end } = house();
    const all = ['a1', 'a1', 'b1', 'a2'].map((item) => batcher.add(item));
    await turn();
    end(0);
    await turn();
    end(1);
    await Promise.all(all);
    expect(sent).toEqual([
      ['a1', 'b1'],
      ['a1', 'a2'],
    ]);
  });

  describe('of a batch of many of one', () => {
    const many = Array.from({ length: 100 }, (_, index) => `a${index}`);

    it('sends the few of others by themselves, whose outcomes come first', async () => {
      const { batcher, sent, end } = house(200);
      const all = [...many, 'b1', 'c1'].map((item) => batcher.add(item));
      await turn();
      expect(sent).toEqual([['b1', 'c1'], many]);
      all.push(batcher.add('a100'));
      end(0);
      expect(await Promise.all(all.slice(100, 102))).toEqual(['b1', 'c1']);
      await turn();
      // The turn of the others is as ever.
      expect(sent).toHaveLength(2);
      end(1);
      await turn();
      end(2);
      await Promise.all(all);
      expect(sent[2]).toEqual(['a100']);
    });

    it('has one way beside the others for all that goes by itself, and who waits for it goes when it is free', async () => {
      const { batcher, sent, end } = house(200);
      const all = [...many, 'b1'].map((item) => batcher.add(item));
      await turn();
      end(1);
      await turn();
      const more = [...many.map((item) => `${item}'`), 'c1'].map((item) => batcher.add(item));
      await turn();
      // The way is taken: those go together.
      expect(sent.map(({ length }) => length)).toEqual([1, 100, 101]);
      all.push(batcher.add('d1'));
      end(0);
      await turn();
      expect(sent[3]).toEqual(['d1']);
      end(2);
      end(3);
      await Promise.all([...all, ...more]);
    });
  });
});
