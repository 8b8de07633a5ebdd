/**
 * The one LISTEN connection of a process, on the direct URL (LISTEN needs a session, which PgBouncer's transaction pooling does not
 * give). It reconnects by itself; whoever hears through it is told that hints may have been lost meanwhile, and looks for itself.
 *
 * Each listener holds a shared advisory lock on its session, so "does anybody else listen?" is a count of lock holders: exact, right
 * across database roles, and given up by the server when the connection ends. The `workers` table could not say it: a process that
 * only serves pages listens too, and is no worker.
 */
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { CHANGES_CHANNEL, helloMessage, WAKE_CHANNEL } from './hint-messages.js';

/** Any constant: it only has to be the same in all processes, and no other lock's. */
const LISTENER_LOCK = 7_361_003;
/** A first retry soon, for a restarted server; then seldom, so that a server that is down is not knocked at. */
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** How long a dead connection may go unnoticed; the sweeps carry on meanwhile. Two queries a minute are the price. */
const CHECK_MS = 30_000;
/** A stale "somebody listens" costs a few needless NOTIFYs, and who joins says hello: five seconds lose nothing. */
const COUNT_FOR_MS = 5_000;

const COUNT_OTHERS = `SELECT /* count-listeners */ count(*)::int AS others FROM pg_locks
  WHERE locktype = 'advisory' AND classid = 0 AND objid = ${LISTENER_LOCK} AND objsubid = 1 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()`;

export interface Hearer {
  hear(channel: string, payload: string): void;
  /** Hints may have been lost: the connection was down, and is back. */
  lookAgain(): void;
}

export class ListenConnection {
  private readonly logger = new Logger('Wake-ups');
  private readonly hearers = new Set<Hearer>();
  private client: pg.Client | undefined;
  private firstAttempt: Promise<void> | undefined;
  private attempt: Promise<void> | undefined;
  private retryMs = FIRST_RETRY_MS;
  private timer: NodeJS.Timeout | undefined;
  private mayHaveMissed = false;
  private isClosed = false;
  private others: { readonly exist: boolean; readonly until: number } | undefined;
  private hellos = 0;

  constructor(
    private readonly pool: pg.Pool,
    private readonly directUrl: string | undefined,
    readonly origin: string,
  ) {}

  get isListening(): boolean {
    return this.client !== undefined;
  }

  add(hearer: Hearer): () => void {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  }

  /** Resolves after the first attempt to connect, successful or not: a start must not hang on a database that is down. */
  start(): Promise<void> {
    this.firstAttempt ??= this.directUrl === undefined ? this.explain() : this.connect(this.directUrl);
    this.attempt ??= this.firstAttempt;
    return this.firstAttempt;
  }

  /** True when some other process listens, or when that cannot be found out. */
  async hasOthers(): Promise<boolean> {
    if (this.others && this.others.until > performance.now()) return this.others.exist;
    const { hellos } = this;
    const { rows } = await (this.client ?? this.pool).query<{ others: number }>(COUNT_OTHERS).catch(() => ({ rows: [] }));
    // A hello that was heard meanwhile is newer than the count.
    const exist = (rows[0]?.others ?? 1) > 0 || this.hellos !== hellos;
    this.others = { exist, until: performance.now() + COUNT_FOR_MS };
    return exist;
  }

  /** Somebody has begun to listen. */
  noteOther(): void {
    this.hellos++;
    this.others = { exist: true, until: performance.now() + COUNT_FOR_MS };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.attempt;
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async explain(): Promise<void> {
    this.logger.warn(
      'STEPWELL_DATABASE_DIRECT_URL is not set, so no notifications of other processes are heard: this process polls instead (25 ms while busy, 2 s when idle).',
    );
  }

  private async connect(url: string): Promise<void> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'stepwell-listen',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      query_timeout: 10_000,
    });
    let isLost = false;
    const lose = (cause?: Error) => {
      if (isLost) return;
      isLost = true;
      this.lost(client, url, cause);
    };
    client.on('error', lose).on('end', lose);
    client.on('notification', ({ channel, payload }) => this.tell((hearer) => hearer.hear(channel, payload ?? '')));
    try {
      await client.connect();
      await client.query(`LISTEN ${WAKE_CHANNEL}`);
      await client.query(`LISTEN ${CHANGES_CHANNEL}`);
      const { channel, payload } = helloMessage(this.origin);
      await client.query('SELECT pg_advisory_lock_shared($1), pg_notify($2, $3)', [LISTENER_LOCK, channel, payload]);
    } catch (cause) {
      lose(cause as Error);
      return;
    }
    if (isLost) return;
    if (this.isClosed) {
      isLost = true;
      await client.end().catch(() => undefined);
      return;
    }
    this.connected(client, lose);
  }

  private connected(client: pg.Client, lose: (cause: Error) => void): void {
    this.client = client;
    this.retryMs = FIRST_RETRY_MS;
    this.others = undefined;
    this.timer = setInterval(() => void client.query('SELECT 1').catch(lose), CHECK_MS).unref();
    if (!this.mayHaveMissed) return;
    this.mayHaveMissed = false;
    this.logger.log('Listening for notifications again.');
    this.tell((hearer) => hearer.lookAgain());
  }

  private lost(client: pg.Client, url: string, cause: Error | undefined): void {
    client.end().catch(() => undefined);
    if (this.isClosed) return;
    if (!this.mayHaveMissed)
      this.logger.warn(
        `Notifications are not heard for now (${cause?.message ?? 'the connection ended'}); the sweep finds what they would have told. Reconnecting.`,
      );
    this.client = undefined;
    this.mayHaveMissed = true;
    this.others = undefined;
    clearTimeout(this.timer);
    // Up to a quarter less at random, so that all processes do not knock at the same moment.
    const pauseMs = this.retryMs * (1 - Math.random() / 4);
    this.timer = setTimeout(() => {
      this.attempt = this.connect(url);
    }, pauseMs).unref();
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }

  private tell(say: (hearer: Hearer) => void): void {
    for (const hearer of this.hearers) say(hearer);
  }
}
