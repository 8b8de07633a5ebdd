/** What every adapter of the port `SessionStore` must do, as a part of the store of a worker. */
import type { SessionStore } from '../ports/session-store.port.js';

export function sessionsConformance(sessions: () => SessionStore): void {
  describe('sessions', () => {
    /** Each test has a session of its own. */
    let count = 0;
    beforeEach(() => void count++);
    const session = (tenant = 'default') => ({ tenant, name: `session ${count}` });

    it('are opened once for each tenant and name', async () => {
      expect(await sessions().open(session(), { n: [1] })).toBe(true);
      expect(await sessions().open(session(), null)).toBe(false);
      expect(await sessions().read(session(), null)).toEqual({ data: { n: [1] }, version: 1, isCompleted: false, isMade: false });
      expect(await sessions().read(session('other'), null)).toBeUndefined();
      expect(await sessions().change(session('other'), 'k', 1, null)).toBeUndefined();
    });

    it('are changed by one of all who have read the same version, and each change is known by its key', async () => {
      await sessions().open(session(), 0);
      const made = await Promise.all([1, 2, 3, 4].map((by) => sessions().change(session(), `k${by}`, 1, by)));
      expect(made.filter((version) => version !== undefined)).toEqual([2]);
      const winner = made.indexOf(2) + 1;
      for (const by of [1, 2, 3, 4])
        expect(await sessions().read(session(), `k${by}`)).toEqual({ data: winner, version: 2, isCompleted: false, isMade: by === winner });
      expect(await sessions().change(session(), `k${winner}`, 2, 'again')).toBeUndefined();
      expect(await sessions().read(session(), null)).toMatchObject({ data: winner, version: 2 });
    });
  });
}
