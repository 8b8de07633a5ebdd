/** What people see before they act: the task of a run, that it has failed. Looks for all of them at once. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../crash/database.js';

export interface OpenTask {
  readonly id: string;
  readonly version: number;
}

const EVERY_MS = 200;

export class Lookout {
  private readonly tasks = new Map<string, (task: OpenTask | undefined) => void>();
  private readonly failures = new Map<string, (failed: boolean) => void>();
  private isStopped = false;
  private loop: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  start(): void {
    this.loop = this.look();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.loop;
  }

  /** @returns undefined when nobody looks any more */
  taskOf(runId: string): Promise<OpenTask | undefined> {
    return new Promise((seen) => this.tasks.set(runId, seen));
  }

  failureOf(runId: string): Promise<boolean> {
    return new Promise((seen) => this.failures.set(runId, seen));
  }

  private async look(): Promise<void> {
    while (!this.isStopped) {
      await delay(EVERY_MS);
      const tasks = await this.rows<OpenTask & { run_id: string }>(this.tasks, "SELECT run_id, id, version FROM tasks WHERE tenant = 'default' AND run_id = ANY($1) AND status = 'open'"); // prettier-ignore
      for (const { run_id, id, version } of tasks) settle(this.tasks, run_id, { id, version });
      const failed = await this.rows<{ id: string }>(this.failures, "SELECT id FROM runs WHERE tenant = 'default' AND id = ANY($1) AND status = 'failed'"); // prettier-ignore
      for (const { id } of failed) settle(this.failures, id, true);
    }
    for (const run of [...this.tasks.keys()]) settle(this.tasks, run, undefined);
    for (const run of [...this.failures.keys()]) settle(this.failures, run, false);
  }

  private async rows<Row extends object>(awaited: ReadonlyMap<string, unknown>, text: string): Promise<Row[]> {
    if (awaited.size === 0) return [];
    // The database is away: we look again.
    return this.database.query<Row & Record<string, unknown>>(text, [[...awaited.keys()]]).catch(() => []);
  }
}

function settle<T>(awaited: Map<string, (value: T) => void>, run: string, value: T): void {
  const tell = awaited.get(run);
  awaited.delete(run);
  tell?.(value);
}
