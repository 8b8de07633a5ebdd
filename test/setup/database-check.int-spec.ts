import { checkDatabase, isStartError, startErrorLine } from '@stepwell/postgres';
import { createEmptyDatabase } from '../postgres/test-database.js';
import { freePort } from './free-port.js';

const good = () => new URL(process.env['STEPWELL_TEST_ADMIN_URL'] ?? '');

function changed(change: (url: URL) => void): string {
  const url = good();
  change(url);
  return url.href;
}

/** The line that a start would end with. */
async function refusal(url: string): Promise<string> {
  const error: unknown = await checkDatabase(url).then(
    () => 'accepted',
    (refused: unknown) => refused,
  );
  return isStartError(error) ? startErrorLine(error) : String(error);
}

describe('a DATABASE_URL', () => {
  it('that works is accepted', async () => {
    expect(await refusal(good().href)).toBe('accepted');
  });

  it.each([
    ['is no URL', () => 'localhost/stepwell', 'DATABASE_URL is not a URL. Write it as postgres://user:password@host:5432/database'],
    ['is for something else', () => 'mysql://localhost/stepwell', 'DATABASE_URL begins with mysql:// and not with postgres://.'],
    ['has a wrong password', () => changed((url) => (url.password = 'secret-guess')), 'it refuses the password. Correct user and password'],
    [
      'names no database of that server',
      () => changed((url) => (url.pathname = '/nowhere')),
      '/nowhere cannot be used: it has no such database. Make it (createdb)',
    ],
    ['names a host that is not there', () => changed((url) => (url.hostname = 'no-such-host.invalid')), 'Correct the host in DATABASE_URL'],
  ])('that %s is refused in one line that says what to do', async (_, url, part) => {
    const line = await refusal(url());
    expect(line).toContain(part);
    expect(line).toMatch(/^Stepwell did not start: [^\n]+$/);
    expect(line).not.toMatch(/secret-guess/);
    expect(line).not.toContain(good().password);
  });

  it('where nothing listens is refused in one line that says what to do', async () => {
    const port = await freePort();
    expect(await refusal(changed((url) => (url.port = String(port))))).toBe(
      `Stepwell did not start: The database at 127.0.0.1:${port}/stepwell cannot be used: nothing listens there. ` +
        'Start that server, or correct host and port in DATABASE_URL; without DATABASE_URL Stepwell runs a database of its own.',
    );
  });

  it('whose user may make no tables is refused in one line with the GRANT that mends it, which does', async () => {
    const database = await createEmptyDatabase();
    await database.pool.query(`CREATE ROLE "Guest of checks" LOGIN PASSWORD 'guest'`);
    const url = new URL(database.url);
    url.username = 'Guest of checks';
    url.password = 'guest';
    const line = await refusal(url.href);
    expect(line).toContain('cannot be used: the user "Guest of checks" may not make tables in its schema public. As its owner run: GRANT');
    expect(line).not.toContain('\n');
    await database.pool.query(/GRANT [^;]+;/.exec(line)?.[0] ?? '');
    expect(await refusal(url.href)).toBe('accepted');
    await database.pool.query('DROP OWNED BY "Guest of checks"; DROP ROLE "Guest of checks"');
    await database.drop();
  });
});
