/** What every adapter of the port `StepKeys` must do, as a part of the store of a worker. */
import type { StepKeys } from '../ports/step-keys.port.js';

const TENANT = 'default';
const LONG = 60_000;

export function stepKeysConformance(keys: () => StepKeys): void {
  describe('keys of steps', () => {
    /** Each test has a key of its own. */
    let count = 0;
    beforeEach(() => void count++);
    const by = (holder: string, more: { tenant?: string } = {}) => ({ tenant: TENANT, key: `key ${count}`, holder, ...more });
    const cacheKey = (tenant = TENANT) => ({ tenant, key: `key ${count}` });

    it('are had by one at a time, of all who come together, and by another when their lease is over', async () => {
      const holders = Array.from({ length: 5 }, (_, index) => by(`holder ${index}`));
      const taken = await Promise.all(holders.map((holder) => keys().take(holder, LONG)));
      const winner = holders[taken.findIndex(({ state }) => state === 'mine')] ?? by('nobody');
      expect(taken.filter(({ state }) => state === 'mine')).toHaveLength(1);
      for (const one of taken) if (one.state === 'held') expect(one.leftMs).toBeGreaterThan(LONG / 2);
      expect(await keys().take(winner, -1)).toEqual({ state: 'mine' });
      expect(await keys().take(by('next'), LONG)).toEqual({ state: 'mine' });
      expect(await keys().take(winner, LONG)).toMatchObject({ state: 'held' });
    });

    it('have the output of who finished with them, for its time, and not of who had lost them', async () => {
      await keys().take(by('first'), -1);
      await keys().take(by('second'), LONG);
      await keys().finish(by('first'), 'late', LONG);
      await keys().finish(by('second'), { n: [1, null] }, LONG);
      for (const holder of ['first', 'second', 'third'])
        expect(await keys().take(by(holder), LONG)).toEqual({ state: 'completed', output: { n: [1, null] } });
      expect(await keys().take(by('second', { tenant: 'other' }), LONG)).toEqual({ state: 'mine' });
      await keys().finish(by('second', { tenant: 'other' }), null, -1);
      expect(await keys().take(by('third', { tenant: 'other' }), LONG)).toEqual({ state: 'mine' });
    });

    it('are given back by who has them, without an output, and by nobody else', async () => {
      await keys().take(by('first'), LONG);
      await keys().drop(by('second'));
      expect(await keys().take(by('second'), LONG)).toMatchObject({ state: 'held' });
      await keys().drop(by('first'));
      expect(await keys().take(by('second'), LONG)).toEqual({ state: 'mine' });
      await keys().finish(by('second'), null, LONG);
      await keys().drop(by('second'));
      expect(await keys().take(by('first'), LONG)).toEqual({ state: 'completed', output: null });
    });

    it('of a cache give the last output while it is fresh, beside those of steps', async () => {
      await keys().take(by('first'), LONG);
      expect(await keys().cached(cacheKey())).toBeUndefined();
      await keys().cache(cacheKey(), 'old', LONG);
      await keys().cache(cacheKey(), null, LONG);
      expect(await keys().cached(cacheKey())).toEqual({ output: null });
      expect(await keys().cached(cacheKey('other'))).toBeUndefined();
      await keys().cache(cacheKey(), 'stale', -1);
      expect(await keys().cached(cacheKey())).toBeUndefined();
    });
  });
}
