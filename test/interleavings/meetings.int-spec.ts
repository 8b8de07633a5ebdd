/** Engine rule 14, for the pairs where it matters who wins: in every order, on real Postgres. */
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { Interleaver } from './interleave.js';
import { checkInvariants, lookAt } from './invariants.js';
import { MEETINGS } from './meetings.js';

describe('in every order', () => {
  let database: TestDatabase;
  let interleaver: Interleaver;
  beforeAll(async () => {
    database = await createTestDatabase();
    interleaver = await Interleaver.open(database);
  });
  afterAll(async () => {
    await interleaver.close();
    await database.drop();
  });

  it.each(MEETINGS)(
    '$says',
    async ({ a, b, worlds, check }) => {
      for (const world of worlds) {
        const orders = await interleaver.interleave({
          a,
          b,
          world,
          check: async (ending) => {
            const now = await lookAt(database.pool, ending.world);
            checkInvariants(ending, now);
            const [first, second] = [ending.a, ending.b].map((outcome) => (outcome.ok ? outcome.value : undefined));
            await check({ a: first as never, b: second as never, now, world: ending.world, database });
          },
        });
        expect(orders).toBeGreaterThan(1);
      }
    },
    // Hundreds of orders; on a busy machine that takes a while.
    300_000,
  );
});
