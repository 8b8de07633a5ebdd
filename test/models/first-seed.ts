/** The first seed of what a test plays by chance. It is printed in any case, so that also what has passed can be played again. */

const LIMIT = 2 ** 31;

/**
 * @param file of the test, from the root of the project
 * @param looksLonger somebody asked for more, and gets others each time; else they are the same each time, so that only a change of the
 *   code turns them red
 * @returns what `STEPWELL_SEED` says, or one of the moment, or 1
 * @throws Error when `STEPWELL_SEED` is no whole number below 2^31
 */
export function firstSeed(file: string, looksLonger: boolean): number {
  const asked = process.env['STEPWELL_SEED'];
  if (asked !== undefined && !(/^\d+$/.test(asked) && Number(asked) < LIMIT))
    throw new Error(`STEPWELL_SEED is "${asked}"; it must be a whole number below ${LIMIT}.`);
  const seed = asked !== undefined ? Number(asked) : looksLonger ? Date.now() % LIMIT : 1;
  process.stdout.write(`${file}: the first seed is ${seed}; STEPWELL_SEED=${seed} plays the same again.\n`);
  return seed;
}
