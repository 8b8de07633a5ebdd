import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classify, isAwayAtStart, isDatabaseAway, isDatabaseUnavailable, isPassing } from './database-error.js';

const ROOT = join(import.meta.dirname, '../..');
const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'))
    .map((file) => `${folder}/${file}`);

describe('what a code of the database means', () => {
  it.each([
    ['40001', 'transient', 'busy', true],
    ['40P01', 'transient', 'busy', true],
    ['55P03', 'transient', 'busy', true],
    ['57P01', 'transient', 'away', true],
    ['57P03', 'transient', 'away', true],
    ['53300', 'transient', 'away', true],
    ['53100', 'unknown-outcome', 'away', true],
    ['53200', 'unknown-outcome', 'away', true],
    ['57014', 'unknown-outcome', 'busy', true],
    ['08006', 'unknown-outcome', 'away', true],
    // Its author may have wanted it so.
    ['25006', 'unknown-outcome', 'away', false],
    ['ECONNRESET', 'unknown-outcome', 'away', false],
    ['EPIPE', 'unknown-outcome', 'away', false],
    // Whoever wrote the statement is to blame, or the value.
    ['22P02', 'data', 'bug', false],
    ['23505', 'data', 'bug', false],
    ['54000', 'data', 'bug', false],
    ['42P01', 'unknown-outcome', 'bug', false],
    ['25001', 'unknown-outcome', 'bug', false],
    ['XX000', 'unknown-outcome', 'bug', false],
  ])('%s: a batch is %s, a client sees %s', (code, batch, client, passing) => {
    const error = Object.assign(new Error('refused'), { code });
    const seen = isDatabaseAway(error) ? 'away' : isDatabaseUnavailable(error) ? 'busy' : 'bug';
    expect([classify(error), seen, isPassing(error)]).toEqual([batch, client, passing]);
  });

  it.each([
    ['Connection terminated unexpectedly', true, true],
    ['Query read timeout', true, false],
    ['timeout exceeded when trying to connect', true, true],
    ['The press is jammed.', false, false],
  ])('in words alone: %s', (message, unavailable, away) => {
    const error = new Error(message);
    expect([isDatabaseUnavailable(error), isDatabaseAway(error), classify(error)]).toEqual([unavailable, away, 'unknown-outcome']);
  });

  it.each([undefined, null, 'text', {}, { code: 53_100 }, { code: '__proto__' }])('of %p is nothing', (error) => {
    expect([isDatabaseUnavailable(error), isAwayAtStart(error), isPassing(error), classify(error)]).toEqual([false, false, false, 'unknown-outcome']); // prettier-ignore
  });

  it('stands in no other list', () => {
    // Sentences for people at a start; a partition that is missing; and what a start says of rights and tables.
    const own = ['libs/storage/database-error.ts', 'libs/postgres/database-check.ts', 'libs/runtime/worker/unstorable.ts', 'apps/server/main.ts', 'apps/server/reset-password.ts']; // prettier-ignore
    const naming = [...sources('libs'), ...sources('apps/server')].filter((file) =>
      /'(?:0[089]|[2-5]\d|XX)[0-9A-Z]{3}'/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(naming.sort()).toEqual(own.sort());
  });
});
