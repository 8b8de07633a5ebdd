/**
 * The connections of one process to PostgreSQL: at most 23 with those of TypeORM (8), the one that listens, and the two of a daily pass,
 * which one process of the fleet makes. A process in isolation has one run, and takes 13. They are kept apart by who may use them up:
 *
 * - `lease`: the heartbeat, alone. Whatever else waits for a connection, the lease is kept. A heartbeat that hangs is given up before the
 *   next one is due, and its connection with it.
 * - `engine`: commits, starts, claims, sweeps, events, schedules, hints and the count of what is queued. What uses it is bounded: two commits and
 *   four starts at a time (two without a key, one with, one whose key is held), beside each of these one of a tenant that has nothing or hardly
 *   anything in them, one look for work, with a small claim beside a large one, which reads on two, one count. No answer here has a time limit: one
 *   that is given up is an unknown outcome, and a step that runs again.
 * - `housekeeping`: the daily pass over what is old, whose statements may take minutes, and the one that breaks it off. Closed when it is over.
 * - `pages`: what people and outside services ask for. A question that takes too long is ended, and who finds no connection is told so.
 */
import { createPool } from '@stepwell/storage';
import type pg from 'pg';
import type { RuntimeRole } from './runtime-options.js';

/** Two commits, two starts, and two for a look and the rest; more at a time would only make batches smaller. Keyed starts come between. */
const ENGINE_CONNECTIONS = 6;
/** Those that depend on what a process is there for; `orm`: for `ctx.transaction` and TypeORM's cold paths. */
const ORDINARY = { orm: 8, pages: 5 } as const;
/** One step at a time, which starts runs and asks for something beside its transaction; people ask elsewhere. */
const ISOLATED = { orm: 3, pages: 2 } as const;
const LEASE_CONNECTIONS = 1;
const LISTENING = 1;
const HOUSEKEEPING_CONNECTIONS = 2;
/** A page that has shown nothing for so long is not looked at any more. */
const PAGE_STATEMENT_MS = 15_000;
/** On a machine that is busy with a burst of work, a page that is late is better than one that gives up. */
const PAGE_CONNECTION_MS = 10_000;
/** Two hundred for each connection: with five milliseconds for a statement the last one waits for a second. */
const MOST_WAITING_PAGES = 1_000;
/** Six sweeps: a process keeps its connections, and what is prepared on them, also when somebody comes only now and then. */
const IDLE_MS = 60_000;
const HOUSEKEEPING_IDLE_MS = 1_000;

/** Injection token of the pool for everything but pages and heartbeats; PG_POOL is that of the pages. */
export const ENGINE_POOL = Symbol('ENGINE_POOL');

/** @returns how many connections the pools of a process have for TypeORM and for what people ask */
export function poolSizes(roles: readonly RuntimeRole[]): { readonly orm: number; readonly pages: number } {
  return roles.includes('isolated') ? ISOLATED : ORDINARY;
}

/**
 * @param workers worker processes beside a server, which makes the daily pass
 * @returns how many connections they take at most, while each worker has a process in isolation: a suspect is told to all of them
 */
export function mostConnections(workers: number): number {
  const of = ({ orm, pages }: { orm: number; pages: number }) => orm + ENGINE_CONNECTIONS + pages + LEASE_CONNECTIONS + LISTENING;
  return of(ORDINARY) + workers * (of(ORDINARY) + of(ISOLATED)) + HOUSEKEEPING_CONNECTIONS;
}

export class Connections {
  readonly lease: pg.Pool;
  readonly engine: pg.Pool;
  readonly pages: pg.Pool;
  readonly housekeeping: pg.Pool;

  /**
   * @param beatMs between two heartbeats
   * @param isPooled the address is that of a pooler in transaction mode
   */
  constructor(url: string, roles: readonly RuntimeRole[], beatMs: number, isPooled = false) {
    const applicationName = 'stepwell';
    this.lease = createPool({ url, isPooled, applicationName, max: LEASE_CONNECTIONS, idleMs: 0, connectionMs: beatMs, answerMs: beatMs });
    this.engine = createPool({ url, isPooled, applicationName, max: ENGINE_CONNECTIONS, idleMs: IDLE_MS });
    this.housekeeping = createPool({ url, isPooled, applicationName, max: HOUSEKEEPING_CONNECTIONS, idleMs: HOUSEKEEPING_IDLE_MS });
    this.pages = createPool({
      ...{ url, isPooled, applicationName, max: poolSizes(roles).pages, idleMs: IDLE_MS },
      ...{ connectionMs: PAGE_CONNECTION_MS, mostWaiting: MOST_WAITING_PAGES, statementMs: PAGE_STATEMENT_MS },
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.lease.end(), this.engine.end(), this.pages.end(), this.housekeeping.end()]);
  }
}
