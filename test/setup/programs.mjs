// The programs that some tests need and that no npm package carries: where they are on this machine, and how they get here.
// Used by `npm test`, which may install them, and by the tests, which only look.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @type {import('./programs.d.mts').TestProgram[]} */
export const testPrograms = [
  {
    name: 'chromium',
    suite: 'the browser tests',
    variable: 'STEPWELL_TEST_CHROMIUM',
    names: ['chromium', 'chromium-browser', 'google-chrome'],
  },
  { name: 'redis-server', suite: 'the Redis tests', variable: 'STEPWELL_TEST_REDIS_SERVER', names: ['redis-server'] },
  { name: 'pgbouncer', suite: 'the test with PgBouncer', variable: 'STEPWELL_TEST_PGBOUNCER', names: ['pgbouncer'] },
];

/** @param {'chromium' | 'redis-server' | 'pgbouncer'} name */
export function findTestProgram(name) {
  const program = testPrograms.find((one) => one.name === name);
  return (program && process.env[program.variable]) || program?.names.map(onPath).find(Boolean);
}

function onPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
