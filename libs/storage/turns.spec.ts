import { Turns } from './turns.js';

describe('turns', () => {
  it('are taken by so many at a time, in the order in which they came, and handed on also by those that fail', async () => {
    const turns = new Turns(2);
    const begun: number[] = [];
    const ends: ((error?: Error) => void)[] = [];
    const all = [0, 1, 2, 3].map((number) =>
      turns.take(() => {
        begun.push(number);
        return new Promise<number>((resolve, reject) => (ends[number] = (error) => (error ? reject(error) : resolve(number))));
      }),
    );
    expect(begun).toEqual([0, 1]);
    ends[1]?.(new Error('no'));
    await expect(all[1]).rejects.toThrow('no');
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    await all[0];
    expect(begun).toEqual([0, 1, 2, 3]);
    ends[2]?.();
    ends[3]?.();
    expect(await Promise.all([all[0], all[2], all[3]])).toEqual([0, 2, 3]);
    expect(await turns.take(async () => 'free again')).toBe('free again');
  });
});
