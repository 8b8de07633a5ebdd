/** A real PgBouncer of the test's own, in transaction mode, before the database that it is given. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../setup/free-port.js';
import { findTestProgram } from '../setup/programs.mjs';

/** Fewer than a server asks for, so that its transactions share backends. */
const BACKENDS = 6;

export class PgBouncer {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** @param database the address of the database behind it */
  static async before(database: string): Promise<PgBouncer> {
    const program = findTestProgram('pgbouncer');
    if (program === undefined) throw new Error('There is no pgbouncer on the PATH.');
    const { hostname, port, username, password, pathname } = new URL(database);
    const folder = mkdtempSync(join(tmpdir(), 'stepwell-pgbouncer-'));
    chmodSync(folder, 0o755);
    const listening = await freePort();
    const [file, name] = [join(folder, 'pgbouncer.ini'), decodeURIComponent(pathname.slice(1))];
    const secret = password === '' ? '' : ` password=${decodeURIComponent(password)}`;
    writeFileSync(
      file,
      [
        '[databases]',
        `${name} = host=${hostname} port=${port} dbname=${name} user=${decodeURIComponent(username)}${secret}`,
        '[pgbouncer]',
        ...['listen_addr = 127.0.0.1', `listen_port = ${listening}`, 'unix_socket_dir =', 'auth_type = any'],
        // Whoever may be asked how much came through.
        `stats_users = ${decodeURIComponent(username)}`,
        ...['pool_mode = transaction', `default_pool_size = ${BACKENDS}`, 'max_client_conn = 200'],
        // It refuses to be root.
        ...(process.getuid?.() === 0 ? ['user = nobody'] : []),
      ].join('\n'),
    );
    const child = spawn(program, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        printed += chunk.toString();
        if (/process up/.test(printed)) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`pgbouncer ended with ${code}:\n${printed}`)));
    });
    return new PgBouncer(`postgresql://${username}@127.0.0.1:${listening}/${name}`, child, folder);
  }

  /** How many transactions came through it, to the database behind it. */
  async transactions(): Promise<number> {
    const statistics = new pg.Client({ connectionString: Object.assign(new URL(this.url), { pathname: '/pgbouncer' }).href });
    await statistics.connect();
    try {
      const { rows } = await statistics.query<{ database: string; total_xact_count: string }>('SHOW STATS');
      return Number(
        rows.find(({ database }) => database === decodeURIComponent(new URL(this.url).pathname.slice(1)))?.total_xact_count ?? 0,
      );
    } finally {
      await statistics.end();
    }
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
