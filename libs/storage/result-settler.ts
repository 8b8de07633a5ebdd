/**
 * Settles async results in groups, as the group committer commits facts: a burst of results costs a few statements, a single one goes at
 * once. Each has an outcome of its own.
 *
 * A run may be held for long: by a transaction of the caller's that has told it something. Its results wait for that, and nobody else's: a
 * group passes over what is held, and what was passed over asks again with the next groups, since a flush lets go of its runs within
 * milliseconds, and then waits by itself, on one of a few connections. It then brings its run to nobody: a statement that waits for a lock
 * may come to its end long after whoever sent it has given up, and a run that it took would be held by nobody who knows.
 */
import { StepwellError } from '@stepwell/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { Batcher, type ItemOutcome } from './batcher.js';
import { classify } from './database-error.js';
import { OVERLOADED_RETRY_S } from './pool.js';
import {
  type AsyncResultMessage,
  type Busy,
  settleAsyncResult,
  settleAsyncResults,
  type SettleOutcome,
  type Settling,
} from './queries/settle-async-result.query.js';
import { pgSql, type Sql } from './sql.js';

/** As for commits: five repeats with 10 to 160 ms between them. */
const MAX_REPEATS = 5;
/** Before a result asks again with the next group; what is then still held is held for long, and is waited for. */
const LOOKS_AFTER_MS = [5, 10, 20];
/** Connections on which results may wait for runs that are held, of those that everybody shares. */
const MOST_WAITING_HELD = 2;
/** Of results that wait for a database that is slow, as for starts. */
const MOST_WAITING_BYTES = 128 * 1024 * 1024;

/** What became of a result in a group. */
type Attempt = SettleOutcome | Busy;

export class ResultSettler {
  private readonly sql: Sql;
  private readonly batcher: Batcher<Settling, Attempt>;
  /** One by one. */
  private readonly held: Batcher<AsyncResultMessage, SettleOutcome>;

  constructor(pool: pg.Pool) {
    this.sql = pgSql(pool);
    const mostWaiting = { bytes: MOST_WAITING_BYTES, refuse: () => new StepwellError('OVERLOADED', { seconds: OVERLOADED_RETRY_S }) };
    const bytesOf = ({ payload }: AsyncResultMessage): number => payload.length + 300;
    this.batcher = new Batcher((settlings) => this.send(settlings), {
      mostWaiting,
      inFlight: 2,
      maxItems: 500,
      maxBytes: 1024 * 1024,
      bytesOf: ({ message }) => bytesOf(message),
      // Of two that settle one result, the later one is to be told so.
      keyOf: ({ message }) => `${message.runId} ${message.id}`,
      laneOf: ({ message }) => message.tenant,
    });
    const waitFor = async (message: AsyncResultMessage): Promise<ItemOutcome<SettleOutcome>> => {
      return { ok: true, value: await settleAsyncResult(this.sql, message, null) };
    };
    this.held = new Batcher((messages) => Promise.all(messages.map(waitFor)), {
      mostWaiting,
      inFlight: MOST_WAITING_HELD,
      maxItems: 1,
      maxBytes: Infinity,
      bytesOf,
    });
  }

  /**
   * Settles once; the caller sends the wake-up, or goes on with the claimed run.
   *
   * @param onWait somebody holds the run, maybe for long: the claimant does not get it
   */
  async settle({ message, claimant }: Settling, onWait: () => void = () => undefined): Promise<SettleOutcome> {
    for (let looks = 0; ; looks++) {
      const attempt = await this.batcher.add({ message, claimant });
      if (attempt.kind !== 'busy') return attempt;
      const waitMs = LOOKS_AFTER_MS[looks];
      if (waitMs === undefined) break;
      await pause(waitMs);
    }
    onWait();
    return this.held.add(message);
  }

  private async send(settlings: readonly Settling[], repeats = 0): Promise<ItemOutcome<Attempt>[]> {
    try {
      const outcomes = await settleAsyncResults(this.sql, settlings);
      return outcomes.map((value) => ({ ok: true, value }));
    } catch (error) {
      const failure = classify(error);
      if (failure === 'transient' && repeats < MAX_REPEATS) {
        await pause(10 * 2 ** repeats);
        return this.send(settlings, repeats + 1);
      }
      // An unknown outcome is the caller's to know: trying again would find its own result and take it for somebody else's.
      if (failure !== 'data' || settlings.length === 1) return settlings.map(() => ({ ok: false, error }));
      // One bad result must not harm its neighbours.
      const middle = Math.ceil(settlings.length / 2);
      return [...(await this.send(settlings.slice(0, middle))), ...(await this.send(settlings.slice(middle)))];
    }
  }
}
