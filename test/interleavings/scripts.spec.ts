/** The list of scripts comes from the query folder: a file there without a script fails the build. */
import { readdirSync } from 'node:fs';
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
