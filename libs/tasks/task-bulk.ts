/**
 * One thing done to many tasks: given back, or decided with one answer. It is done by the same functions as with one task, so each is looked
 * at, checked and refused by itself; what is not named is not touched. Which tasks fit a filter is asked before, and never meant by it.
 */
import { Inject, Injectable } from '@nestjs/common';
import { isDecidable, type Json, StepwellError } from '@stepwell/contracts';
import {
  type MatchingTask as MatchingRow,
  matchingTasks,
  PG_POOL,
  pgSql,
  readTasks,
  type Sql,
  type TaskListFilter,
  type TaskRecord,
} from '@stepwell/storage';
import type pg from 'pg';
import { listingOf, refusedPart, type TaskListing } from './inbox/task-filter.js';
import { contentHash } from './provenance/canonical-hash.js';
import { type BulkAnswers, ScreenProvider } from './screen-provider.port.js';
import { isUuid } from './task-id.js';
import { type ByActor, type ReleaseRequest, TaskService } from './task.service.js';
import { checkCount, eachByItself, type SeenTask, type TaskOutcome } from './transitions/each-by-itself.js';

export type BulkRelease = Omit<ReleaseRequest, 'id' | 'expectedVersion'>;

export interface BulkAnswer extends Omit<ByActor, 'id'> {
  /** The same for each; its screen has to take it for many at once, and its class as it would for one. */
  readonly answer: Json;
  /** The same key again, by the same actor, decides nothing anew: what it had decided is told as done. */
  readonly idempotencyKey: string;
}

/** More is not looked at in one piece: a person confirms what it is. */
const MOST_MATCHING = 1_000;

export interface MatchingTask extends Omit<MatchingRow, 'path'> {
  /** What its screen takes for many at once. */
  readonly bulk: BulkAnswers | null;
}

export interface MatchingTasks {
  readonly tasks: readonly MatchingTask[];
  /** There are more, which are not among them. */
  readonly isMore: boolean;
}

@Injectable()
export class TaskBulk {
  private readonly sql: Sql;

  constructor(
    @Inject(PG_POOL) pool: pg.Pool,
    private readonly screens: ScreenProvider,
    private readonly tasks: TaskService,
  ) {
    this.sql = pgSql(pool);
  }

  /**
   * One statement for each that is given back; one or two more for one that is refused.
   * @throws StepwellError INPUT_INVALID, before anything is changed
   */
  async release(items: readonly SeenTask[], request: BulkRelease): Promise<readonly TaskOutcome[]> {
    checkCount('items', items.length);
    return eachByItself(items, (task) => this.tasks.release({ ...request, ...task }));
  }

  /**
   * One statement for all, and for each those of a decision: two reads and a transaction of two statements; one more where the task names
   * or excludes somebody, and what the author of its screen asks for.
   * @throws StepwellError INPUT_INVALID, before anything is changed
   */
  async complete(items: readonly SeenTask[], { tenant, actor, answer, idempotencyKey }: BulkAnswer): Promise<readonly TaskOutcome[]> {
    checkCount('items', items.length);
    if (idempotencyKey.trim() === '')
      throw refusedPart('idempotencyKey', 'It is empty. With a key of your own the same call can be made again.');
    const rows = await readTasks(this.sql, tenant, items.map(({ id }) => id).filter(isUuid));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return eachByItself(items, async ({ id, expectedVersion }) => {
      const row = byId.get(id);
      if (row && !this.isTaken(row, answer)) throw new StepwellError('BULK_ANSWER_REFUSED', { screen: row.title, id });
      const { task } = await this.tasks.complete({ tenant, id, actor, expectedVersion, answer, idempotencyKey: `${idempotencyKey}/${id}` });
      return task;
    });
  }

  /**
   * Which tasks fit a filter, so that they can be named: what comes later is not among them.
   *
   * @param most at most so many, from 1 to 1,000
   * @throws StepwellError INPUT_INVALID also for a filter that says nothing but a status: that would be everything
   */
  async matching(tenant: string, { most, ...listing }: TaskListing & { readonly most: number }): Promise<MatchingTasks> {
    if (!Number.isInteger(most) || most < 1 || most > MOST_MATCHING)
      throw refusedPart('most', `It is a whole number from 1 to ${MOST_MATCHING}.`);
    const { where, order } = listingOf(listing);
    if (!where.status.every(isDecidable))
      throw refusedPart('filter.status', 'What has ended is changed by nobody: say open, claimed, or nothing.');
    if (!hasCondition(where))
      throw refusedPart('filter', 'Say at least one condition beside the status: without one it would be every task.');
    const rows = await matchingTasks(this.sql, tenant, where, order, most + 1);
    const tasks = rows.slice(0, most).map(({ path, ...row }) => ({ ...row, bulk: this.answersOf({ ...row, path }) }));
    return { tasks, isMore: rows.length > most };
  }

  /** What the screen of a task takes for many at once. */
  answersOf({ workflow, path, screen }: Pick<TaskRecord, 'workflow' | 'path' | 'screen'>): BulkAnswers | null {
    return this.screens.bulkOf(workflow, path, screen);
  }

  private isTaken(task: TaskRecord, answer: Json): boolean {
    const bulk = this.answersOf(task);
    return bulk === 'any' || (bulk ?? []).some((offered) => contentHash(offered.answer) === contentHash(answer));
  }
}

function hasCondition({ status: _, ...conditions }: TaskListFilter): boolean {
  return Object.values(conditions).some((condition) => condition !== undefined);
}
