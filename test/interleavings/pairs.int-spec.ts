/**
 * Engine rule 14: every pair of hot statements, in every order, on real Postgres. The list comes from the query folder: a file there
 * without a script fails the build, and a script without its pairs cannot be.
 */
import { readdirSync } from 'node:fs';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { type Ending, Interleaver } from './interleave.js';
import { checkInvariants, lookAt } from './invariants.js';
import { MEETINGS } from './meetings.js';
import type { Script } from './script.js';
import type { WorldName } from './world.js';
import { COLD, SCRIPTS } from './scripts/index.js';

const QUERIES = new URL('../../libs/storage/queries/', import.meta.url);

describe('every query file', () => {
  const files = readdirSync(QUERIES).flatMap((name) => /^(.*)\.query\.ts$/.exec(name)?.[1] ?? []);
  const covered = new Set(SCRIPTS.flatMap(({ covers }) => covers));

  it.each(files)('%s has a script, or a reason to have none', (file) => {
    expect([covered.has(file), file in COLD]).toContain(true);
  });

  it('that a script or a reason speaks of is there', () => {
    expect(files).toEqual(expect.arrayContaining([...covered, ...Object.keys(COLD)]));
  });
});

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

  const pairs = SCRIPTS.flatMap((a, index) => SCRIPTS.slice(index).map((b) => ({ a, b, worlds: meetingPlaces(a, b) })));
  it.each(pairs.filter(({ worlds }) => worlds.length > 0))(
    '$a.name, and $b.name',
    async ({ a, b, worlds }) => {
      for (const world of worlds) {
        const check = async (ending: Ending): Promise<void> => checkInvariants(ending, await lookAt(database.pool, ending.world));
        expect(await interleaver.interleave({ a, b, world, check })).toBeGreaterThan(0);
      }
    },
    // Hundreds of orders; on a busy machine that takes a while.
    300_000,
  );
});

/** Where both have something to do; where there is no such world, where either has. Not where meetings.int-spec.ts lets them meet. */
function meetingPlaces(a: Script, b: Script): readonly WorldName[] {
  const both = a.worlds.filter((world) => b.worlds.includes(world));
  const known = MEETINGS.filter((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a)).flatMap(({ worlds }) => worlds);
  return [...new Set(both.length > 0 ? both : [...a.worlds, ...b.worlds])].filter((world) => !known.includes(world));
}
