/**
 * Engine rule 14: every pair of hot statements, in every order, on real Postgres. The list is made from the scripts, of which there is
 * one for each query file (scripts.spec.ts). It is played in parts, a spec file each, so that Jest's workers share it.
 */
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { type Ending, Interleaver } from './interleave.js';
import { checkInvariants, lookAt } from './invariants.js';
import { MEETINGS } from './meetings.js';
import type { Script } from './script.js';
import type { WorldName } from './world.js';
import { SCRIPTS } from './scripts/index.js';

const PARTS = 2;

interface Pair {
  readonly a: Script;
  readonly b: Script;
  readonly worlds: readonly WorldName[];
}

const PAIRS: readonly Pair[] = SCRIPTS.flatMap((a, index) =>
  SCRIPTS.slice(index).map((b) => ({ a, b, worlds: meetingPlaces(a, b) })),
).filter(({ worlds }) => worlds.length > 0);

/** @param part from 1 to PARTS: neighbours in the list, which cost alike, go to different parts */
export function playPairs(part: 1 | 2): void {
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

  it.each(PAIRS.filter((_, index) => index % PARTS === part - 1))(
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
}

/** Where both have something to do; where there is no such world, where either has. Not where meetings.int-spec.ts lets them meet. */
function meetingPlaces(a: Script, b: Script): readonly WorldName[] {
  const known = MEETINGS.filter((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a)).flatMap(({ worlds }) => worlds);
  return commonWorlds(a, b).filter((world) => !known.includes(world));
}

function commonWorlds(a: Script, b: Script): readonly WorldName[] {
  const both = a.worlds.filter((world) => b.worlds.includes(world));
  if (both.length > 0) return both;
  if (a.isAtHomeAnywhere) return b.worlds;
  if (b.isAtHomeAnywhere) return a.worlds;
  return [...new Set([...a.worlds, ...b.worlds])];
}
