/** What people see before they act: the task of a run, that it has failed or ended, what it has asked of somebody outside. Looks for all of them at once. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../crash/database.js';
import { TENANTS } from '../tenants.js';

export interface OpenTask {
  readonly id: string;
  readonly version: number;
}

/** What an outside service is given. */
export interface Asking {
  readonly id: string;
  readonly callbackUrl: string;
}

const EVERY_MS = 200;

type Awaited<T> = Map<string, (seen: T) => void>;

export class Lookout {
  private readonly tasks: Awaited<OpenTask | undefined> = new Map();
  /** Of a task that was seen before, only what has become of it since then. */
  private readonly versions = new Map<string, number>();
  private readonly failures: Awaited<boolean> = new Map();
  private readonly ends: Awaited<boolean> = new Map();
  private readonly askings: Awaited<Asking | undefined> = new Map();
  private hasSeenEnd = false;
  private isInHurry = false;
  private isStopped = false;
  private loop: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  start(): void {
    this.loop = this.look();
  }

  /** For an end nobody waits any more, as soon as one of them was seen, or the patience is over. */
  async hurry(patienceMs: number): Promise<void> {
    const began = performance.now();
    while (this.ends.size > 0 && !this.hasSeenEnd && performance.now() - began < patienceMs) await delay(EVERY_MS);
    this.isInHurry = true;
    for (const run of [...this.ends.keys()]) settle(this.ends, run, false);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.loop;
  }

  /**
   * @param since the version that was seen last
   * @returns undefined when it is closed, or nobody looks any more
   */
  taskOf(runId: string, since = 0): Promise<OpenTask | undefined> {
    this.versions.set(runId, since);
    return new Promise((seen) => this.tasks.set(runId, seen));
  }

  failureOf(runId: string): Promise<boolean> {
    return new Promise((seen) => this.failures.set(runId, seen));
  }

  /** @returns false when nobody waits for it any more */
  endOf(runId: string): Promise<boolean> {
    return this.isInHurry ? Promise.resolve(false) : new Promise((seen) => this.ends.set(runId, seen));
  }

  /** What the step `ask` of the run has got for somebody outside. */
  askingOf(runId: string): Promise<Asking | undefined> {
    return new Promise((seen) => this.askings.set(runId, seen));
  }

  private async look(): Promise<void> {
    while (!this.isStopped) {
      await delay(EVERY_MS);
      await this.lookAtTasks();
      const failed = await this.rows<{ id: string }>(this.failures, "SELECT id FROM runs WHERE tenant = ANY($2) AND id = ANY($1) AND status = 'failed'"); // prettier-ignore
      for (const { id } of failed) settle(this.failures, id, true);
      const ended = await this.rows<{ id: string }>(this.ends, "SELECT id FROM runs WHERE tenant = ANY($2) AND id = ANY($1) AND ended_at IS NOT NULL"); // prettier-ignore
      this.hasSeenEnd ||= ended.length > 0;
      for (const { id } of ended) settle(this.ends, id, true);
      const asked = await this.rows<{ run_id: string; asking: Asking }>(this.askings, "SELECT run_id, payload -> 'output' AS asking FROM journal WHERE tenant = ANY($2) AND run_id = ANY($1) AND path = 'ask' AND type = 'step.completed'"); // prettier-ignore
      for (const { run_id, asking } of asked) settle(this.askings, run_id, asking);
    }
    for (const run of [...this.tasks.keys()]) settle(this.tasks, run, undefined);
    for (const run of [...this.failures.keys()]) settle(this.failures, run, false);
    for (const run of [...this.ends.keys()]) settle(this.ends, run, false);
    for (const run of [...this.askings.keys()]) settle(this.askings, run, undefined);
  }

  private async lookAtTasks(): Promise<void> {
    const tasks = await this.rows<OpenTask & { run_id: string; status: string }>(this.tasks, "SELECT run_id, id, version, status FROM tasks WHERE tenant = ANY($2) AND run_id = ANY($1)"); // prettier-ignore
    for (const { run_id, id, version, status } of tasks) {
      const since = this.versions.get(run_id) ?? 0;
      if (status !== 'open' || version > since) settle(this.tasks, run_id, status === 'open' ? { id, version } : undefined);
    }
  }

  private async rows<Row extends object>(awaited: ReadonlyMap<string, unknown>, text: string): Promise<Row[]> {
    if (awaited.size === 0) return [];
    // The database is away: we look again.
    return this.database.query<Row & Record<string, unknown>>(text, [[...awaited.keys()], TENANTS]).catch(() => []);
  }
}

function settle<T>(awaited: Awaited<T>, run: string, value: T): void {
  const tell = awaited.get(run);
  awaited.delete(run);
  tell?.(value);
}
