/**
 * One process with a worker on a quiet server, its heartbeats and sweeps an hour apart, and the two units whose cost has a budget: a run of
 * three steps, and a run with a screen. It waits for commits, not for the database, so that waiting costs no statement.
 */
import { type Actor, RunStatus } from '@stepwell/contracts';
import { ChangeFeed, WakeUpQueue } from '@stepwell/engine';
import { hostedWorkflows } from '@stepwell/runtime';
import { Screen, type ScreenHandler, type Type, workflow, WorkflowModule } from '@stepwell/sdk';
import type { RunCommit } from '@stepwell/storage';
import { ScreenProvider, TaskService } from '@stepwell/tasks';
import { IsIn } from 'class-validator';
import { until } from '../engine/engine.js';
import { type Process, startProcess } from '../engine/process.js';
import type { Unit } from './budget.js';
import { Meter } from './meter.js';
import { startQuietServer } from './quiet-server.js';

const TENANT = 'default';
const REVIEWER: Actor = { id: 'reviewer-1', name: 'Reviewer', kind: 'user' };
/** Longer than any test: nothing happens by the clock. */
const NEVER_MS = 60 * 60_000;

class Verdict {
  @IsIn(['yes', 'no'])
  verdict!: string;
}

@Screen({ id: 'approve', title: 'Approve the order' })
class Approve implements ScreenHandler<{ total: number }, Verdict, { total: number }> {
  readonly answer = Verdict;
  props(ctx: { input: { total: number } }) {
    return { total: ctx.input.total };
  }
}

const threeSteps = workflow<{ total: number }>('three-steps', { version: 1 })
  .then('one', () => ({ ok: true, n: 1 }))
  .then('two', () => ({ ok: true, n: 2 }))
  .then('three', () => ({ ok: true, n: 3 }));

const screen = workflow<{ total: number }>('screen', { version: 1 })
  .screen(Approve)
  .then('close', (ctx) => ({ verdict: ctx.answerOf(Approve).verdict }));

class Screens extends ScreenProvider {
  answerClassOf(): Type<object> {
    return Verdict;
  }
}

/** People say their wake-ups to it; they go out together, when the test says so. */
class HeldWakeUps extends WakeUpQueue {
  wake(): void {
    // The test wakes the worker itself.
  }
  listen(): Promise<() => Promise<void>> {
    return Promise.resolve(() => Promise.resolve());
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Nobody looks at a page. */
class NoChanges extends ChangeFeed {
  publish(): void {
    // Nobody subscribes.
  }
  subscribe(): () => void {
    return () => undefined;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

const NAMES: Readonly<Record<Unit, string>> = { 'three-step run': 'three-steps', screen: 'screen' };

/** Where the runs stand, heard from their commits. */
class Progress {
  /** As the last commit left each run; absent while it is in motion. */
  private readonly stands = new Map<string, RunStatus>();
  /** Ids of open tasks, by run. */
  private readonly tasks = new Map<string, string>();

  readonly note = ({ runId, intent, tasks }: RunCommit): void => {
    for (const { id } of tasks) this.tasks.set(runId, id);
    if (intent.kind === 'end') this.stands.set(runId, intent.status);
    else if (intent.kind === 'release') this.stands.set(runId, RunStatus.waiting);
    else this.stands.delete(runId);
  };

  taskOf(runId: string): string {
    return this.tasks.get(runId) ?? 'none';
  }

  async all(ids: readonly string[], status: RunStatus): Promise<void> {
    const others = () => ids.map((id) => this.stands.get(id)).filter((stand) => stand !== status);
    await until(others, (left) => left.length === 0, `Every run should be ${status}`);
  }
}

export class House {
  private readonly tasks: TaskService;

  private constructor(
    readonly meter: Meter,
    private readonly process: Process,
    private readonly progress: Progress,
    private readonly stopServer: () => Promise<void>,
  ) {
    this.tasks = new TaskService(process.pool, new Screens(), new HeldWakeUps(), new NoChanges());
  }

  static async open(): Promise<House> {
    const server = await startQuietServer();
    const module = class {};
    WorkflowModule({ workflows: [threeSteps, screen], providers: [Approve] })(module);
    const approve = new Approve();
    // The only class among the handlers; steps are functions.
    const get = <T extends object>(): T => approve as unknown as T;
    const progress = new Progress();
    const process = await startProcess(
      server.url,
      hostedWorkflows([module]).catalog,
      { get, screen: get },
      { worker: { leaseMs: NEVER_MS, sweepMs: NEVER_MS, reportMs: NEVER_MS }, onCommitted: progress.note },
    );
    return new House(await Meter.open(server.url, process.pool), process, progress, () => server.stop());
  }

  async close(): Promise<void> {
    await this.meter.close();
    await this.process.stop();
    await this.stopServer();
  }

  /** So many at once, from start to end. People decide all tasks before the worker is told. */
  async run(unit: Unit, count: number): Promise<void> {
    const ids = await this.start(NAMES[unit], count);
    if (unit === 'screen') {
      await this.progress.all(ids, RunStatus.waiting);
      await Promise.all(ids.map((id) => this.decide(id)));
      this.process.wakeUps.wake(['default']);
    }
    await this.progress.all(ids, RunStatus.completed);
  }

  private async start(name: string, count: number): Promise<string[]> {
    const request = { tenant: TENANT, workflow: name, input: { total: 500 }, actor: null };
    const started = await Promise.all(Array.from({ length: count }, () => this.process.runs.start(request)));
    return started.map(({ runId }) => runId);
  }

  private async decide(runId: string): Promise<void> {
    const id = this.progress.taskOf(runId);
    await this.tasks.complete({ tenant: TENANT, id, actor: REVIEWER, expectedVersion: 1, answer: { verdict: 'yes' } });
  }
}
