/** An application on a PostgreSQL of its own, and what may be wrong with that one: everything here happens to the real server. */
import { mkdtempSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@stepwell/postgres';
import { migrate } from '@stepwell/storage';
import pg from 'pg';
import type { AppOptions } from '../../apps/server/app.module.js';
import { Database } from '../crash/database.js';
import { Disk } from '../faults/disk.js';
import { freePort } from '../setup/free-port.js';
import { type ApiApp, startApiApp } from './api-app.js';

export const OUTAGES = ['read-only', 'disk-full', 'pool', 'database-stop', 'database-kill'] as const;
export type Outage = (typeof OUTAGES)[number];

/** Few enough to be taken; the application alone needs a good half of them. */
const MAX_CONNECTIONS = 60;
const DISK_MB = 16;

export class OutageHouse {
  private readonly directory = mkdtempSync(join(tmpdir(), 'stepwell-outages-'));
  private readonly disk = new Disk(this.directory, DISK_MB);
  private readonly database = new Database();
  private crowd: pg.Client[] = [];
  private server!: EmbeddedPostgres;
  private port = 0;
  api!: ApiApp;

  async open(options: Partial<AppOptions>): Promise<void> {
    // The server's own user has to get in when the tests run as root.
    chmodSync(this.directory, 0o755);
    this.port = await freePort();
    await this.startServer();
    await migrate(this.server.url);
    await this.disk.take(this.database);
    const { url } = this.server;
    this.api = await startApiApp(options, { url, pool: this.database.connections, drop: () => Promise.resolve() });
  }

  /** Why an outage cannot be had on this machine. */
  absenceOf(outage: Outage): string | null {
    return outage === 'disk-full' ? this.disk.absence : null;
  }

  /** May be called again and again, until it is seen. */
  async begin(outage: Outage): Promise<void> {
    if (outage === 'read-only') await this.setReadOnly('on');
    if (outage === 'disk-full') this.disk.fill();
    if (outage === 'pool') await this.takeAllConnections();
    if (outage === 'database-stop') await this.end('SIGQUIT', [this.server.pid]);
    if (outage === 'database-kill') await this.end('SIGKILL', [this.server.pid, ...childrenOf(this.server.pid)]);
  }

  async heal(outage: Outage): Promise<void> {
    if (outage === 'read-only') await this.setReadOnly('off');
    if (outage === 'disk-full') this.disk.free();
    if (outage === 'pool') await Promise.all(this.crowd.splice(0).map((client) => client.end().catch(() => undefined)));
    if (outage === 'database-stop' || outage === 'database-kill') await this.startServer();
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.database.surely<Row>(text, values);
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.database.close();
    await this.server.stop();
    this.disk.release();
    for (const folder of [dirname(this.server.dataDirectory), this.directory]) rmSync(folder, { recursive: true, force: true });
  }

  private async startServer(): Promise<void> {
    const settings = { max_connections: String(MAX_CONNECTIONS) };
    this.server = await startEmbeddedPostgres({ directory: this.directory, port: this.port, isThrowaway: true, settings });
    this.database.moveTo(this.server.url);
  }

  /** For all connections: whoever comes when the server knows of it comes after those that are there were told. */
  private async setReadOnly(wanted: 'on' | 'off'): Promise<void> {
    await this.database.surely(`ALTER SYSTEM SET default_transaction_read_only = ${wanted}`);
    await this.database.surely('SELECT pg_reload_conf()');
    for (let is = ''; is !== wanted;) {
      const newcomer = new pg.Client({ connectionString: this.server.url });
      await newcomer.connect();
      is = (await newcomer.query<{ is: string }>(`SELECT current_setting('default_transaction_read_only') AS is`)).rows[0]?.is ?? '';
      await newcomer.end();
    }
  }

  /** Those of the application are cut, and what gets free is taken, until it has none: a place whose owner ends is free only a moment later. */
  private async takeAllConnections(): Promise<void> {
    while (this.crowd.length < MAX_CONNECTIONS) {
      await this.crowdIn();
      await this.crowd[0]?.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> 'a crowd'`,
      );
    }
  }

  private async crowdIn(): Promise<void> {
    for (;;) {
      const client = new pg.Client({ connectionString: this.server.url, application_name: 'a crowd' });
      client.on('error', () => undefined);
      try {
        await client.connect();
      } catch {
        return;
      }
      this.crowd.push(client);
    }
  }

  private async end(signal: NodeJS.Signals, pids: readonly number[]): Promise<void> {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended before.
      }
    }
    await this.server.ended;
  }
}

/** Its backends; where the system does not tell (anything but Linux) they end by themselves. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
