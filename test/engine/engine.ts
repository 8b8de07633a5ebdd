/**
 * The engine on a real database, without HTTP: processes as the server wires them, for tests of what runs do. `waitFor` and `until` wait
 * on facts in the database, never for a time.
 */
import type { Actor, RunStatus } from '@stepwell/contracts';
import type { WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import { type Handlers, hostedWorkflows, type RunService, type Worker } from '@stepwell/runtime';
import { type Hosted, type Type, WorkflowModule } from '@stepwell/sdk';
import { appendInbox, pgSql } from '@stepwell/storage';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { type Process, type ProcessOptions, startProcess } from './process.js';

export const TENANT = 'default';

/** How long a test waits for a fact before it says what it found instead. */
const PATIENCE_MS = 60_000;

export interface RunRow {
  readonly id: string;
  readonly status: RunStatus;
  readonly wait_reasons: string[];
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly due_at: Date | null;
  readonly worker: string | null;
  readonly epoch: number;
  readonly attention: number;
  readonly last_seq: number;
}

export interface FactRow {
  readonly seq: number;
  readonly type: string;
  readonly path: string;
  readonly attempt: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows its facts
  readonly payload: any;
  readonly at: Date;
}

export interface EngineOptions extends ProcessOptions {
  readonly workflows: readonly Hosted[];
  readonly providers?: readonly Type<object>[];
}

export interface Engine {
  readonly database: TestDatabase;
  readonly catalog: WorkflowCatalog;
  /** The first process, and its parts. */
  readonly process: Process;
  readonly pool: pg.Pool;
  readonly runs: RunService;
  readonly worker: Worker;
  readonly hints: WakeUpQueue;
  /** Another process on the same database. */
  spawn(options?: ProcessOptions): Promise<Process>;
  start(workflow: string, input?: unknown, more?: { idempotencyKey?: string; actor?: Actor }): Promise<string>;
  row(runId: string): Promise<RunRow>;
  waitFor(runId: string, ...statuses: RunStatus[]): Promise<RunRow>;
  facts(runId: string): Promise<FactRow[]>;
  /** Types of the facts, in order. */
  types(runId: string): Promise<string[]>;
  output(runId: string): Promise<unknown>;
  /** Answers the run's open task, the first one of several, as the task service does. */
  answer(runId: string, answer: unknown): Promise<void>;
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const database = await createTestDatabase();
  const module = class {};
  WorkflowModule({ workflows: options.workflows, providers: [...(options.providers ?? [])] })(module);
  const { catalog } = hostedWorkflows([module]);
  const processes: Process[] = [];
  const spawn = async (more: ProcessOptions = {}): Promise<Process> => {
    const merged = { ...options, ...more, worker: { ...options.worker, ...more.worker } };
    const process = await startProcess(database.url, catalog, singletons(), merged);
    processes.push(process);
    return process;
  };
  const first = await spawn();

  const query = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await database.pool.query<Row>(text, values)).rows;
  const row = async (runId: string): Promise<RunRow> => (await query<RunRow>('SELECT * FROM runs WHERE id = $1', [runId]))[0] as RunRow;
  const facts = (runId: string) => query<FactRow>('SELECT * FROM journal WHERE run_id = $1 ORDER BY seq', [runId]);

  return {
    database,
    catalog,
    process: first,
    pool: first.pool,
    runs: first.runs,
    worker: first.worker,
    hints: first.wakeUps,
    spawn,
    start: async (workflow, input, more = {}) => (await first.runs.start({ tenant: TENANT, workflow, input, actor: null, ...more })).runId,
    row,
    waitFor: (runId, ...statuses) =>
      until(
        () => row(runId),
        (run) => statuses.includes(run.status),
        `Run ${runId} should be ${statuses.join(' or ')}`,
      ),
    facts,
    types: async (runId) => (await facts(runId)).map((fact) => fact.type),
    output: async (runId) => (await facts(runId)).find((fact) => fact.type === 'run.ended')?.payload.output as unknown,
    answer: async (runId, answer) => {
      const [task] = await query<{ id: string }>(
        `UPDATE tasks SET status = 'completed'
         WHERE id = (SELECT id FROM tasks WHERE run_id = $1 AND status = 'open' ORDER BY iteration LIMIT 1) RETURNING id`,
        [runId],
      );
      if (!task) throw new Error(`Run ${runId} has no open task.`);
      const payload = { taskId: task.id, answer, by: null };
      await appendInbox(pgSql(database.pool), { tenant: TENANT, runId, kind: 'task.completed', dedupeKey: `task:${task.id}`, payload });
      first.wakeUps.wake(['default']);
    },
    query,
    close: async () => {
      for (const process of processes) await process.stop();
      await database.drop();
    },
  };
}

/** Asks again until the answer is right; what it was at last is in the error. */
export async function until<T>(ask: () => Promise<T> | T, isRight: (answer: T) => boolean, what: string): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`${what}, but it is ${JSON.stringify(answer)}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Handlers as Nest would hold them: one instance per class and process. */
function singletons(): Handlers {
  const instances = new Map<unknown, object>();
  const get = <T extends object>(type: Type<T>): T => {
    if (!instances.has(type)) instances.set(type, new type());
    return instances.get(type) as T;
  };
  return { get, screen: get };
}
