/** What the queue and the feed of one process share: one LISTEN connection and one sender. It ends when the last of them is closed. */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { type Hearer, ListenConnection } from './listen-connection.js';
import { Notifier } from './notifier.js';

export interface PostgresHintsOptions {
  /** Sends; may go through PgBouncer. */
  readonly pool: pg.Pool;
  /** For LISTEN; `undefined` means nothing is heard from other processes, and workers poll. */
  readonly directUrl: string | undefined;
}

export class PostgresHints {
  readonly connection: ListenConnection;
  readonly notifier: Notifier;
  private joined = 0;

  constructor({ pool, directUrl }: PostgresHintsOptions) {
    this.connection = new ListenConnection(pool, directUrl, randomBytes(6).toString('base64url'));
    this.notifier = new Notifier(pool, this.connection);
  }

  /** @returns leaves again; the last one to leave sends what is unsent and closes the connection */
  join(hearer: Hearer): () => Promise<void> {
    this.joined++;
    const remove = this.connection.add(hearer);
    let leaving: Promise<void> | undefined;
    return () =>
      (leaving ??= (async () => {
        remove();
        if (--this.joined > 0) return;
        await this.notifier.drained();
        await this.connection.close();
      })());
  }
}
