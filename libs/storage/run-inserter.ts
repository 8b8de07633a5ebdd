/**
 * Starts runs in groups, as the group committer commits facts: a burst of starts costs a few statements.
 *
 * A key may be held for long: by a transaction of the caller's that has started a run with it (`startIn`). Who wants that key must wait
 * for its end, and nobody else may. So starts without a key never share a statement with keyed ones; a statement of keyed ones waits for
 * a moment only, and is then halved until the held key is alone; and its start asks again after pauses in which it holds no connection.
 */
import type { InsertedRun, NewRun } from '@stepwell/engine';
import { StepwellError } from '@stepwell/contracts';
import { OVERLOADED_RETRY_S } from './pool.js';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { Batcher, type BatcherOptions, type ItemOutcome } from './batcher.js';
import { classify, isLockHeld } from './database-error.js';
import { findRunByKey, insertRuns } from './queries/insert-runs.query.js';
import { inTransaction, pgSql, type Sql } from './sql.js';

/** As for commits: five repeats with 10 to 160 ms between them. */
const MAX_REPEATS = 5;

/** Another process that starts with the same key commits within this, unless it is slow; longer, and the other keys would wait too. */
const KEY_LOCK_MS = 50;
/** A key that is known to be held: only a look, because those of other held keys wait for it. */
const HELD_KEY_LOCK_MS = 5;
/** Between two looks at a held key; the last one is how late its start may come after the holder's end. */
const FIRST_LOOK_MS = 20;
const LAST_LOOK_MS = 500;

/** What became of a start; null while another transaction holds its key. */
type Attempt = InsertedRun | null;

/** Of starts that wait for a database that is slow: what is not yet accepted must not fill the memory. */
const MOST_WAITING_BYTES = 128 * 1024 * 1024;

const BATCH: BatcherOptions<NewRun> = {
  mostWaiting: { bytes: MOST_WAITING_BYTES, refuse: () => new StepwellError('OVERLOADED', { seconds: OVERLOADED_RETRY_S }) },
  inFlight: 2,
  maxItems: 500,
  maxBytes: 1024 * 1024,
  bytesOf: (run) => run.input.length + 300,
};
const BY_TENANT: BatcherOptions<NewRun> = { ...BATCH, laneOf: (run) => run.tenant };

export class RunInserter {
  private readonly sql: Sql;
  private readonly unkeyed: Batcher<NewRun, InsertedRun>;
  private readonly keyed: Batcher<NewRun, Attempt>;
  /** One by one, on one connection, however many keys are held. */
  private readonly held: Batcher<NewRun, Attempt>;
  /** The first start with each key that has no answer yet. */
  private readonly underWay = new Map<string, Promise<InsertedRun>>();

  constructor(private readonly pool: pg.Pool) {
    this.sql = pgSql(pool);
    // Without a key there is none to be held.
    this.unkeyed = new Batcher((runs) => this.send(runs) as Promise<ItemOutcome<InsertedRun>[]>, BY_TENANT);
    this.keyed = new Batcher((runs) => this.send(runs, KEY_LOCK_MS), { ...BY_TENANT, inFlight: 1 });
    this.held = new Batcher((runs) => this.send(runs, HELD_KEY_LOCK_MS), { ...BATCH, inFlight: 1, maxItems: 1 });
  }

  /** @param onWait the start has to wait for another one with its key, maybe for long: if it inserts the run, then without a worker */
  insert(run: NewRun, onWait: () => void = () => undefined): Promise<InsertedRun> {
    return run.key === null ? this.unkeyed.add(run) : this.insertOnce(run, onWait);
  }

  private async insertOnce(run: NewRun, onWait: () => void): Promise<InsertedRun> {
    const key = JSON.stringify([run.tenant, run.workflow, run.key]);
    let ours = run;
    for (let first = this.underWay.get(key); first; first = this.underWay.get(key)) {
      if (ours === run) onWait();
      ours = { ...run, worker: null };
      const outcome = await first.catch(() => undefined);
      if (outcome) return { runId: outcome.runId, existing: true };
    }
    const outcome = this.insertKeyed(ours, onWait).finally(() => this.underWay.delete(key));
    this.underWay.set(key, outcome);
    return outcome;
  }

  private async insertKeyed(run: NewRun, onWait: () => void): Promise<InsertedRun> {
    const atOnce = await this.keyed.add(run);
    if (atOnce) return atOnce;
    onWait();
    for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_LOOK_MS)) {
      await pause(pauseMs);
      const outcome = await this.held.add({ ...run, worker: null });
      if (outcome) return outcome;
    }
  }

  /** @param lockMs for how long keyed starts wait for a key */
  private async send(runs: readonly NewRun[], lockMs?: number, repeats = 0): Promise<ItemOutcome<Attempt>[]> {
    try {
      const inserted =
        lockMs === undefined
          ? await insertRuns(this.sql, runs)
          : // In the order of the key's index, so that two batches with the same keys cannot deadlock.
            await inTransaction(this.pool, (sql) => insertRuns(sql, [...runs].sort(byKey)), lockMs);
      if (inserted.size === runs.length) return runs.map(insertedNow);
      return await Promise.all(runs.map(async (run) => (inserted.has(run.id) ? insertedNow(run) : this.outcomeOf(run, lockMs))));
    } catch (error) {
      const isHeld = lockMs !== undefined && isLockHeld(error);
      if (isHeld && runs.length === 1) return [{ ok: true, value: null }];
      const failure = classify(error);
      if (!isHeld && failure === 'transient' && repeats < MAX_REPEATS) {
        await pause(10 * 2 ** repeats);
        return this.send(runs, lockMs, repeats + 1);
      }
      // An unknown outcome is the caller's to know: trying again would find its own row and take it for somebody else's.
      if (!isHeld && (failure !== 'data' || runs.length === 1)) return runs.map(() => ({ ok: false, error }));
      // One bad start, or one held key, must not harm its neighbours.
      const middle = Math.ceil(runs.length / 2);
      return [...(await this.send(runs.slice(0, middle), lockMs)), ...(await this.send(runs.slice(middle), lockMs))];
    }
  }

  /** Of a run that was not inserted. */
  private async outcomeOf(run: NewRun, lockMs: number | undefined): Promise<ItemOutcome<Attempt>> {
    const first = run.key === null ? undefined : await findRunByKey(this.sql, run.tenant, run.workflow, run.key);
    if (first !== undefined) return { ok: true, value: { runId: first, existing: first !== run.id } };
    // The key has expired between the two statements: now it is free.
    const [again] = run.key === null ? [] : await this.send([run], lockMs);
    return again ?? { ok: false, error: new Error(`Run ${run.id} was not inserted.`) };
  }
}

function insertedNow({ id }: NewRun): ItemOutcome<InsertedRun> {
  return { ok: true, value: { runId: id, existing: false } };
}

function byKey(a: NewRun, b: NewRun): number {
  return compare(a.tenant, b.tenant) || compare(a.workflow, b.workflow) || compare(a.key ?? '', b.key ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
