/** The database as the test sees it: it dies, comes back at another address, and loses answers. */
import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';

export type Query = <Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

export class Database {
  private pool: pg.Pool | undefined;
  url = '';

  moveTo(url: string): void {
    void this.pool?.end().catch(() => undefined);
    this.url = url;
    this.pool = new pg.Pool({ connectionString: url, max: 6, application_name: 'crash test' });
    // A connection that breaks while it is idle is replaced when it is next needed.
    this.pool.on('error', () => undefined);
  }

  get connections(): pg.Pool {
    if (!this.pool) throw new Error('The database has not been started.');
    return this.pool;
  }

  /** One statement; fails as the database fails. */
  readonly query: Query = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
    (await this.connections.query<Row>(text, [...values])).rows;

  /** A statement that may be repeated, repeated until it has an answer; for what must not be lost to a kill. */
  async surely<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.query<Row>(text, values);
      } catch (error) {
        // Recovery takes a second or two; a minute without an answer is a fault of the test.
        if (tries >= 600) throw error;
        await delay(100);
      }
    }
  }

  async close(): Promise<void> {
    await this.pool?.end().catch(() => undefined);
  }
}
