/** The checkpoints of a run for people: what it knew there, how two of them differ, and letting go of the older ones. */
import { type CheckpointChange, type CheckpointContext, changesBetween, contextAt } from '@stepwell/engine';
import { StepwellError } from '@stepwell/contracts';
import { type CheckpointRow, pgSql, pruneCheckpoints, readCheckpointPages, readJournals, type Sql } from '@stepwell/storage';
import type pg from 'pg';

export interface CheckpointRef {
  readonly tenant: string;
  readonly runId: string;
  /** The number of the fact behind which it stands. */
  readonly seq: number;
}

export interface Checkpoint extends CheckpointRow {
  readonly context: CheckpointContext;
}

export class RunCheckpoints {
  private readonly sql: Sql;

  constructor(pool: pg.Pool) {
    this.sql = pgSql(pool);
  }

  /** @returns undefined when there is none, or it was pruned */
  async at(ref: CheckpointRef): Promise<Checkpoint | undefined> {
    const row = await findCheckpoint(this.sql, ref);
    const context = row && contextAt(await this.journal(ref), ref.seq);
    return context && { ...row, context };
  }

  /** @returns undefined when one of them is not there */
  async changes(from: CheckpointRef, to: number): Promise<CheckpointChange[] | undefined> {
    if (!(await findCheckpoint(this.sql, from)) || !(await findCheckpoint(this.sql, { ...from, seq: to }))) return undefined;
    const journal = await this.journal(from);
    const [before, after] = [contextAt(journal, from.seq), contextAt(journal, to)];
    return before && after && changesBetween(before, after);
  }

  /**
   * @param ref the first checkpoint that stays; every one before it goes
   * @returns how many went
   * @throws StepwellError RUN_NOT_FOUND, CHECKPOINT_NOT_FOUND
   */
  async prune(ref: CheckpointRef): Promise<number> {
    await mustFindCheckpoint(this.sql, ref);
    const pruned = await pruneCheckpoints(this.sql, ref.tenant, ref.runId, ref.seq);
    if (pruned === undefined) throw new StepwellError('RUN_NOT_FOUND', { id: ref.runId });
    return pruned;
  }

  private async journal({ tenant, runId: id }: CheckpointRef) {
    return (await readJournals(this.sql, [{ tenant, id }])).get(id) ?? [];
  }
}

async function findCheckpoint(sql: Sql, { tenant, runId, seq }: CheckpointRef): Promise<CheckpointRow | undefined> {
  if (!Number.isInteger(seq) || seq < 1) return undefined;
  const [rows = []] = await readCheckpointPages(sql, tenant, [{ runId, after: seq - 1, limit: 1 }]);
  return rows.find((row) => row.seq === seq);
}

/** @throws StepwellError CHECKPOINT_NOT_FOUND */
export async function mustFindCheckpoint(sql: Sql, ref: CheckpointRef): Promise<CheckpointRow> {
  const row = await findCheckpoint(sql, ref);
  if (!row) throw new StepwellError('CHECKPOINT_NOT_FOUND', { id: ref.runId, seq: ref.seq });
  return row;
}
