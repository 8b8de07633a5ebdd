/**
 * The task service on a real database, with runs and tasks put there directly: for tests of what people do to tasks, without a worker.
 * Wake-ups and changes are recorded.
 */
import type { Actor, FieldError, Json, RunStatus, TaskStatus } from '@stepwell/contracts';
import { type Change, ChangeFeed, WakeUpQueue } from '@stepwell/engine';
import type { OpenedReviews, Type } from '@stepwell/sdk';
import { createPool, uuidV7 } from '@stepwell/storage';
import { type BulkAnswers, ScreenProvider, TaskClaims, TaskComments, TaskService } from '@stepwell/tasks';
import { IsIn, IsOptional, MaxLength } from 'class-validator';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';

export const TENANT = 'acme';

export class Answer {
  @IsIn(['yes', 'no'])
  verdict!: string;

  @IsOptional()
  @MaxLength(10)
  note?: string;
}

export function person(name: string): Actor {
  return { id: `id-of-${name.toLowerCase()}`, name, kind: 'user' };
}

export interface TaskSeed {
  readonly tenant?: string;
  readonly runId?: string;
  readonly runStatus?: RunStatus;
  readonly workflow?: string;
  readonly priority?: number;
  readonly status?: TaskStatus;
  /** The undo window of its screen. */
  readonly undoMs?: number;
  readonly assignee?: string;
  readonly groups?: readonly string[];
  readonly dueAt?: Date;
  readonly followUpAt?: Date;
  readonly columns?: Readonly<Record<string, string>>;
  readonly form?: Json;
  /** How several people answer it. */
  readonly reviews?: OpenedReviews;
}

export interface SeededTask {
  readonly id: string;
  readonly runId: string;
}

class RecordedWakeUps extends WakeUpQueue {
  readonly woken: string[] = [];
  wake(queues: Iterable<string>): void {
    this.woken.push(...queues);
  }
  listen(): Promise<() => Promise<void>> {
    return Promise.resolve(() => Promise.resolve());
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

class RecordedChanges extends ChangeFeed {
  readonly published: Change[] = [];
  publish(changes: Iterable<Change>): void {
    this.published.push(...changes);
  }
  subscribe(): () => void {
    return () => undefined;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

class Screens extends ScreenProvider {
  /** What each screen takes for many tasks at once. */
  bulk: BulkAnswers | null = null;
  /** Workflows whose reviewers set priorities. */
  readonly prioritized = new Set<string>();

  override bulkOf(): BulkAnswers | null {
    return this.bulk;
  }

  override mayReviewersPrioritize({ workflow }: { readonly workflow: string }): boolean {
    return this.prioritized.has(workflow);
  }

  answerClassOf(workflow: string): Type<object> | undefined {
    return workflow === 'gone' ? undefined : Answer;
  }

  mayDecide(): Promise<true> {
    return Promise.resolve(true);
  }

  takeDocuments(): Promise<readonly FieldError[]> {
    return Promise.resolve([]);
  }
}

export class TaskDesk {
  readonly wakeUps = new RecordedWakeUps();
  readonly changes = new RecordedChanges();
  readonly screens = new Screens();
  readonly tasks: TaskService;
  readonly claims: TaskClaims;
  readonly comments: TaskComments;

  private constructor(
    private readonly database: TestDatabase,
    readonly pool: pg.Pool,
  ) {
    this.tasks = new TaskService(pool, this.screens, this.wakeUps, this.changes);
    this.claims = new TaskClaims(pool, this.screens, this.changes);
    this.comments = new TaskComments(pool, this.changes);
  }

  static async open(): Promise<TaskDesk> {
    const database = await createTestDatabase();
    return new TaskDesk(database, createPool({ url: database.url, max: 20, applicationName: 'stepwell test' }));
  }

  /** Of its database. */
  get url(): string {
    return this.database.url;
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.database.drop();
  }

  /** A waiting run with an open task. */
  async seed({
    tenant = TENANT,
    runId = uuidV7(),
    runStatus = 'waiting',
    workflow = 'order',
    priority = 0,
    status = 'open',
    undoMs,
    assignee,
    groups,
    dueAt,
    followUpAt,
    columns,
    form = { type: 'object' },
    reviews,
  }: TaskSeed = {}): Promise<SeededTask> {
    const id = uuidV7();
    await this.pool.query(
      `INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, started_by, lineage_root, last_seq)
       VALUES ($1, $2, $3, 1, $3 || '@1', 'default', $4, 'api', $2, 1) ON CONFLICT DO NOTHING`,
      [tenant, runId, workflow, runStatus],
    );
    await this.pool.query(
      `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, priority, status, undo_ms,
         assignee, candidate_groups, due_at, follow_up_at, display, reviews, props, form)
       VALUES ($1, $2, $3, 'approve', '', $4, 1, 'approve', 'Approve', 'Order 7', $5, $6, $7, $8, $9, $10, $11, $12, $13, '{"total": 7}', $14)`,
      [
        ...[tenant, id, runId, workflow, priority, status, undoMs, assignee, groups, dueAt, followUpAt, columns],
        ...[reviews && { ...reviews, given: [], isDisputed: false }, form],
      ],
    );
    return { id, runId };
  }

  /** As if the holder had been away for longer than the lease. */
  async lapse(id: string): Promise<void> {
    await this.pool.query(`UPDATE tasks SET claimed_until = clock_timestamp() - interval '1 second' WHERE id = $1`, [id]);
  }

  /** Until so many statements of this database stand at locks that others hold. */
  async untilSomebodyWaits(count = 1): Promise<void> {
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while (((await this.pool.query(waiting)).rowCount ?? 0) < count);
  }

  async inbox(runId: string): Promise<{ kind: string; dedupe_key: string; payload: Json }[]> {
    const { rows } = await this.pool.query<{ kind: string; dedupe_key: string; payload: Json }>(
      'SELECT kind, dedupe_key, payload FROM inbox WHERE run_id = $1',
      [runId],
    );
    return rows;
  }

  async run(runId: string): Promise<{ status: RunStatus; attention: number } | undefined> {
    return (await this.pool.query<{ status: RunStatus; attention: number }>('SELECT status, attention FROM runs WHERE id = $1', [runId]))
      .rows[0];
  }

  async historyKinds(id: string): Promise<string[]> {
    return ((await this.tasks.history(TENANT, [id])).get(id) ?? []).map((entry) => entry.kind);
  }
}

/** What a promise was refused with; fails when it was not. */
export async function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`It should have been refused, but gave ${JSON.stringify(value)}.`);
    },
    (error: unknown) => error,
  );
}
