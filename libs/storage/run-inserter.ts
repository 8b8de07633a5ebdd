/** Starts runs in groups, as the group committer commits facts: a burst of starts costs a few statements. */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { Batcher, type ItemOutcome } from './batcher.js';
import { classify } from './database-error.js';
import { findRunByKey, insertRuns, type NewRun } from './queries/insert-runs.query.js';
import { pgSql, type Sql } from './sql.js';

/** As for commits: five repeats with 10 to 160 ms between them. */
const MAX_REPEATS = 5;

export interface InsertedRun {
  readonly runId: string;
  /** True when the idempotency key had been used; `runId` is then the first run. */
  readonly existing: boolean;
}

export class RunInserter {
  private readonly sql: Sql;
  private readonly batcher: Batcher<NewRun, InsertedRun>;

  constructor(pool: pg.Pool) {
    this.sql = pgSql(pool);
    this.batcher = new Batcher((runs) => this.send(runs), {
      inFlight: 2,
      maxItems: 500,
      maxBytes: 1024 * 1024,
      bytesOf: (run) => run.input.length + 300,
    });
  }

  insert(run: NewRun): Promise<InsertedRun> {
    return this.batcher.add(run);
  }

  private async send(runs: readonly NewRun[], repeats = 0): Promise<ItemOutcome<InsertedRun>[]> {
    try {
      // In the order of the key's index, so that two batches with the same keys cannot deadlock.
      const inserted = await insertRuns(this.sql, runs.some((run) => run.key !== null) ? [...runs].sort(byKey) : runs);
      return await Promise.all(runs.map((run) => this.outcomeOf(run, inserted.has(run.id))));
    } catch (error) {
      const failure = classify(error);
      if (failure === 'transient' && repeats < MAX_REPEATS) {
        await pause(10 * 2 ** repeats);
        return this.send(runs, repeats + 1);
      }
      // An unknown outcome is the caller's to know: trying again would find its own row and take it for somebody else's.
      if (failure !== 'data' || runs.length === 1) return runs.map(() => ({ ok: false, error }));
      // One bad start must not harm its neighbours.
      const middle = Math.ceil(runs.length / 2);
      return [...(await this.send(runs.slice(0, middle))), ...(await this.send(runs.slice(middle)))];
    }
  }

  private async outcomeOf(run: NewRun, inserted: boolean): Promise<ItemOutcome<InsertedRun>> {
    if (inserted) return { ok: true, value: { runId: run.id, existing: false } };
    const first = run.key === null ? undefined : await findRunByKey(this.sql, run.tenant, run.workflow, run.key);
    if (first !== undefined) return { ok: true, value: { runId: first, existing: first !== run.id } };
    // The key has expired between the two statements: now it is free.
    const [again] = run.key === null ? [] : await this.send([run]);
    return again ?? { ok: false, error: new Error(`Run ${run.id} was not inserted.`) };
  }
}

function byKey(a: NewRun, b: NewRun): number {
  return compare(a.tenant, b.tenant) || compare(a.workflow, b.workflow) || compare(a.key ?? '', b.key ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
