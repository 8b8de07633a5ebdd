/**
 * Commits what all activations of this process have ready, together: one multi-row statement per batch, the next batch gathering while
 * the last is in flight. A run's facts of one commit are never split over two batches.
 *
 * It refuses nothing and decides nothing: a batch that the database rolled back is repeated with a bound; a batch with a value the
 * database cannot store is halved until the one culprit is found; a broken connection is an unknown outcome for every run in the batch.
 * Tenants share a batch equally, and one that has nothing under way does not wait for the batches of others.
 * Two commits of one run (one of a dead activation, one of its successor) never share a batch, so each gets an outcome of its own.
 */
import { type CommitOutcome, type JournalRow, type RunCommit, UnknownOutcomeError, UnstorableError } from '@stepwell/engine';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { Batcher, type ItemOutcome } from './batcher.js';
import { classify } from './database-error.js';
import { flush } from './queries/flush.query.js';
import { putBlob } from './queries/put-blob.query.js';
import { pgSql, type Sql } from './sql.js';

/** Payloads above this go to `blobs` first; below it a row in the journal is cheaper than a second statement. */
export const BLOB_THRESHOLD = 64 * 1024;
/** A statement above about 1 MB holds its row locks too long for its neighbours. */
const MAX_BYTES = 1024 * 1024;
const MAX_RUNS = 500;
const IN_FLIGHT = 2;
/** Five repeats with 10 to 160 ms between them outlast a deadlock or a fail-over's first refusals; after that the activation is told. */
const MAX_REPEATS = 5;

/** Commits with everybody else's, or on a connection of the caller's. */
export type PostgresCommitter = Pick<GroupCommitter, 'commit' | 'commitVia'>;

export class GroupCommitter {
  private readonly sql: Sql;
  private readonly batcher: Batcher<RunCommit, CommitOutcome>;

  constructor(pool: pg.Pool) {
    this.sql = pgSql(pool);
    this.batcher = new Batcher((commits) => this.send(commits, 0), {
      inFlight: IN_FLIGHT,
      maxItems: MAX_RUNS,
      maxBytes: MAX_BYTES,
      bytesOf,
      keyOf: (commit) => commit.runId,
      laneOf: (commit) => commit.tenant,
    });
  }

  /**
   * @throws UnknownOutcomeError when it is not known whether the commit happened
   * @throws UnstorableError when the database cannot store a value of this very commit
   */
  commit(commit: RunCommit): Promise<CommitOutcome> {
    return commit.facts.some(isLarge) ? this.withBlobs(commit).then((ready) => this.batcher.add(ready)) : this.batcher.add(commit);
  }

  /**
   * The same commit on a connection that the caller owns, for a step's own transaction. Nothing is repeated: what failed is rolled back
   * with the author's writes.
   *
   * @throws UnstorableError when the database cannot store a value of this commit; anything else as it came
   */
  async commitVia(sql: Sql, commit: RunCommit): Promise<CommitOutcome> {
    const ready = commit.facts.some(isLarge) ? await this.withBlobs(commit) : commit;
    const [flushed] = await flush(sql, [ready]).catch((cause: unknown) => {
      throw classify(cause) === 'data' ? unstorable(cause) : cause;
    });
    return flushed;
  }

  private async withBlobs(commit: RunCommit): Promise<RunCommit> {
    const facts = await Promise.all(
      commit.facts.map(async (fact): Promise<JournalRow> => {
        if (!isLarge(fact)) return fact;
        const hash = createHash('sha256').update(fact.payload).digest('hex');
        await putBlob(this.sql, commit.tenant, commit.runId, hash, fact.payload).catch((cause: unknown) => {
          throw classify(cause) === 'data' ? unstorable(cause) : new UnknownOutcomeError('A large payload could not be stored.', { cause });
        });
        return { ...fact, payload: '', blob: hash };
      }),
    );
    return { ...commit, facts };
  }

  private async send(commits: readonly RunCommit[], repeats: number): Promise<ItemOutcome<CommitOutcome>[]> {
    try {
      const flushed = await flush(this.sql, commits);
      let next = 0;
      return commits.map(({ runId }) => ({ ok: true, value: flushed[next]?.id === runId ? flushed[next++] : undefined }));
    } catch (cause) {
      const failure = classify(cause);
      if (failure === 'transient' && repeats < MAX_REPEATS) {
        await pause(10 * 2 ** repeats);
        return this.send(commits, repeats + 1);
      }
      if (failure === 'data') return this.bisect(commits, cause);
      const error = new UnknownOutcomeError('It is not known whether the commit happened.', { cause });
      return commits.map(() => ({ ok: false, error }));
    }
  }

  private async bisect(commits: readonly RunCommit[], cause: unknown): Promise<ItemOutcome<CommitOutcome>[]> {
    if (commits.length === 1) return [{ ok: false, error: unstorable(cause) }];
    const middle = Math.ceil(commits.length / 2);
    return [...(await this.send(commits.slice(0, middle), 0)), ...(await this.send(commits.slice(middle), 0))];
  }
}

function unstorable(cause: unknown): UnstorableError {
  return new UnstorableError(`The database cannot store it: ${(cause as Error).message}`, { cause });
}

function isLarge(fact: JournalRow): boolean {
  return fact.payload.length > BLOB_THRESHOLD;
}

function bytesOf({ facts, events, tasks, children, messages }: RunCommit): number {
  let bytes = 200;
  for (const { payload, blob } of facts) bytes += 100 + (blob === undefined ? payload.length : 0);
  for (const { payload } of events) bytes += 200 + payload.length;
  for (const { props, form } of tasks) bytes += 500 + props.length + form.length;
  for (const { input } of children) bytes += 500 + JSON.stringify(input).length;
  for (const { payload } of messages) bytes += 300 + JSON.stringify(payload).length;
  return bytes;
}
