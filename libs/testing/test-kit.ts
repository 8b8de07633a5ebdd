/**
 * Workflows on the real engine and the real worker loop, under a clock that stands still until the test moves it. Every call that changes
 * something comes back when the system is at rest: nothing is under way, and nothing is left but timers and what comes from outside.
 *
 * A little over 400 lines: each thing that a test does to the system is a method here, and all of them share when it is at rest.
 */
import { type Actor, findNonJson, type Json, StepwellError } from '@stepwell/contracts';
import { DEFAULT_QUEUE, queueOf, startTerms, type WorkflowCatalog } from '@stepwell/engine';
import {
  AsyncResultIds,
  type CheckpointUse,
  CheckpointTexts,
  checkedInput,
  hostedWorkflows,
  type MigrationOutcome,
} from '@stepwell/runtime';
import {
  type AnyScreen,
  type CheckpointOptions,
  type ClientInjectOptions,
  type ClientOptions,
  definitionOf,
  type DurationText,
  type Event,
  type Flow,
  type Hosted,
  type InjectedNode,
  type InjectionOutcome,
  parseDuration,
  type Signal,
  type StartedRun,
  type StepwellClient,
  type Type,
} from '@stepwell/sdk';
import { uuidV7 } from '@stepwell/storage';
import type { DataSource } from 'typeorm';
import type { Answerer } from './author-permits.js';
import { Deciding } from './deciding.js';
import { HostedHandlers, type Replacement, type Stub } from './hosting.js';
import { KitClient } from './kit-client.js';
import { KitMessages } from './kit-messages.js';
import { knownEvents } from './known-events.js';
import { Activity } from './process/activity.js';
import { KitHints } from './process/hints.js';
import { KitProcess } from './process/kit-process.js';
import { type Death, Writes } from './process/mortal-store.js';
import { RunUnderTest } from './run-under-test.js';
import {
  type EmittedView,
  type KitStore,
  type RunView,
  type Settlement,
  type StoreConnection,
  type TaskView,
  TENANT,
} from './stores/kit-store.js';
import { MemoryKitStore } from './stores/memory-kit-store.js';
import { theOpenTask } from './the-open-task.js';
import { VirtualTime } from './virtual-time.js';
import { type WaitingResult, waitingResult } from './waiting-result.js';

export interface TestKitOptions {
  /** Classes with @WorkflowModule. */
  readonly workflows: readonly Type<object>[];
  /** What stands in the place of providers of these modules: `[{ provide: Bank, useValue: new Bank(address) }]`. */
  readonly providers?: readonly Replacement[];
  /** What `secret('MODEL_KEY')` stands for in a workflow's config: `{ MODEL_KEY: 'test-key' }`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Where runs are kept; by default what STEPWELL_TEST_STORE says, and memory without it. */
  readonly store?: 'memory' | 'postgres';
  /** The instant at which the test begins; by default now. */
  readonly now?: Date | string;
}

const TESTER: Actor = { id: 'tester', name: 'Tester', kind: 'user' };

interface KitStart {
  readonly idempotencyKey?: string;
  /** The session that the run belongs to: see `openSession`. */
  readonly session?: string;
  /** Who starts it, and so may not decide what refuses own work. */
  readonly actor?: Actor;
}

export class TestKit {
  private readonly activity = new Activity();
  private readonly hints = new KitHints();
  private readonly ids = new AsyncResultIds('test-key', 'http://stepwell.invalid');
  private readonly texts = new CheckpointTexts('test-key');
  private readonly stubs = new Map<unknown, Stub>();
  /** As handlers and services inject it. What it has begun comes to rest with the next call of the kit, such as `t.advance('1s')`. */
  readonly client: StepwellClient = new KitClient({
    start: (workflow, input, options) => this.insert(workflow, input, options),
    emit: (event, payload, options) => this.append(event, payload, options.idempotencyKey ?? null),
    signal: (runId, name, payload) => this.messages.signal(runId, name, payload, null),
    updateContext: (runId, patch) => this.messages.updateContext(runId, patch, null),
    inject: (runId, nodes, options) => this.messages.inject(runId, nodes, options, null),
    runCheckpoint: (checkpoint, overrideData) => this.goOn({ checkpoint, overrideData, actor: null }),
  });
  private readonly messages: KitMessages;
  private readonly deciding: Deciding;
  private handlers!: HostedHandlers;
  private process!: KitProcess;
  private connection!: StoreConnection;
  private readonly queues: readonly string[];
  /** What every process of this test has written. */
  readonly writes: Writes;
  /** What the engine said to its log, worst first of all to look at when a test does not go as it should. */
  readonly log: string[] = [];
  /** How many processes have died. */
  crashes = 0;

  private constructor(
    private readonly options: TestKitOptions,
    private readonly catalog: WorkflowCatalog,
    private readonly declaredEvents: readonly string[],
    private readonly store: KitStore,
    private readonly time: VirtualTime,
    death: Death | undefined,
  ) {
    this.writes = new Writes(death);
    this.deciding = new Deciding(store);
    this.messages = new KitMessages({
      catalog,
      view: (id) => this.viewOf(id),
      journals: () => this.connection.store.journals,
      wake: () => this.hints.wake(this.queues),
    });
    const named = catalog.all().flatMap(({ graph }) => [...graph.byPath.values()].map(queueOf));
    this.queues = [...new Set([DEFAULT_QUEUE, ...named.filter((queue) => queue !== null)])];
  }

  /** @internal see `testKit` */
  static async open(options: TestKitOptions, death?: Death): Promise<TestKit> {
    const { catalog, declaredEvents, entities } = hostedWorkflows(options.workflows);
    const time = new VirtualTime(options.now === undefined ? Date.now() : new Date(options.now).getTime());
    if (!Number.isFinite(time.now)) throw new Error(`The test cannot begin at "${String(options.now)}": that is no instant.`);
    const kind = options.store ?? process.env['STEPWELL_TEST_STORE'] ?? 'memory';
    if (kind !== 'memory' && kind !== 'postgres') throw new Error(`STEPWELL_TEST_STORE is "${kind}"; it is memory or postgres.`);
    const store =
      kind === 'memory'
        ? new MemoryKitStore(catalog, () => time.now)
        : await (await import('./stores/postgres-kit-store.js')).PostgresKitStore.open(catalog, entities);
    const kit = new TestKit(options, catalog, declaredEvents, store, time, death);
    try {
      await store.setTime(time.now);
      await kit.spawn();
    } catch (error) {
      await store.close();
      throw error;
    }
    return kit;
  }

  /** The test's time, as an instant. */
  get now(): Date {
    return new Date(this.time.now);
  }

  /** The test's database, for tables of the modules; undefined in memory. */
  get dataSource(): DataSource | undefined {
    return this.store.dataSource;
  }

  /** Where runs are kept. */
  get storeKind(): KitStore['kind'] {
    return this.store.kind;
  }

  /** Puts a function in the place of a step's handler, or of a record source, from now on; `hangs` for one that never answers. */
  stub(handler: Type<object>, stub: Stub): void {
    this.stubs.set(handler, stub);
  }

  /**
   * @param workflow what `workflow()` returned, or its name
   * @throws StepwellError WORKFLOW_NOT_FOUND, INPUT_INVALID (with the fields)
   */
  async start<In>(workflow: Flow<In>, input: NoInfer<In>, options?: KitStart): Promise<RunUnderTest>;
  async start(workflow: string, input: unknown, options?: KitStart): Promise<RunUnderTest>;
  async start(workflow: Hosted | string, input: unknown, options: KitStart = {}): Promise<RunUnderTest> {
    const name = typeof workflow === 'string' ? workflow : definitionOf(workflow).name;
    const { runId, existing } = await this.insert(name, input, options, options.actor);
    await this.settle();
    return this.handleOf(runId, existing);
  }

  /** Opens a session, for starts with `{ session }`. @param data what its runs share */
  async openSession(name: string, data: Json = {}): Promise<void> {
    if (!(await this.connection.store.sessions.open({ tenant: TENANT, name }, data))) throw new StepwellError('SESSION_EXISTS', { name });
  }

  /** What the runs of a session share now. */
  async sessionData(name: string): Promise<Json> {
    return (await this.connection.store.sessions.read({ tenant: TENANT, name }, null))?.data ?? null;
  }

  /** Lets time pass; it jumps from timer to timer, and at each of them everything that can happen does. */
  async advance(duration: DurationText): Promise<void> {
    const until = this.time.now + parseDuration(duration, 't.advance');
    await this.settle();
    for (let next = this.time.nextAt; next !== undefined && next <= until; next = this.time.nextAt) {
      await this.moveTo(next);
      await this.settle();
    }
    await this.moveTo(until);
    await this.settle();
  }

  /** Tasks that wait for an answer, oldest first. */
  async openTasks(): Promise<readonly TaskView[]> {
    return (await this.store.tasks()).filter(({ status }) => status === 'open' || status === 'claimed');
  }

  /**
   * Answers a task as a person would, by its form's class. Whom a server would refuse is refused: whom the task does not name, whose own
   * work it is, whom the author of its screen does not let (`mayDecide`). One that several people answer (`reviews`) takes one answer of each.
   *
   * @param task an open task, its id, or its screen's class when one task of that screen is open
   * @param answerer by name and groups one whom the task is for; by default somebody in no group
   * @throws StepwellError ANSWER_INVALID with the fields, TASK_FOR_OTHERS, TASK_OWN_WORK, TASK_REVIEWED, TASK_NOT_PERMITTED, TASK_PERMISSION_UNKNOWN
   */
  async answer(task: TaskView | string | Type<AnyScreen>, answer: unknown, answerer: Answerer = TESTER): Promise<void> {
    const { catalog, handlers } = this;
    const found = theOpenTask(await this.openTasks(), task);
    await this.deciding.answer({ catalog, handlers, journals: this.connection.store.journals }, found, answer, answerer);
    this.hints.wake(this.queues);
    await this.settle();
  }

  /**
   * Takes an answer back, within the undo window of its screen: the task is open again.
   *
   * @param actor who answered
   * @throws Error when it is somebody else's, or the window is over
   */
  async undoAnswer(task: TaskView, actor: Actor = TESTER): Promise<void> {
    if (!(await this.store.undo(task, actor)))
      throw new Error(`The answer of task ${task.id} ("${task.title}") can no longer be taken back.`);
    await this.settle();
  }

  /**
   * Emits an event from outside any run. @returns its id
   *
   * @throws StepwellError EVENT_NOT_FOUND when nobody of these workflows emits it or listens to it
   */
  async emit<P>(event: Event<P>, payload: NoInfer<P>, options?: { readonly idempotencyKey?: string }): Promise<string>;
  async emit(event: string, payload: unknown, options?: { readonly idempotencyKey?: string }): Promise<string>;
  async emit(event: Event<unknown> | string, payload: unknown, options: { readonly idempotencyKey?: string } = {}): Promise<string> {
    const id = await this.append(typeof event === 'string' ? event : event.name, payload, options.idempotencyKey ?? null);
    await this.settle();
    return id;
  }

  /**
   * Delivers the result that a suspended step waits for.
   *
   * @param of the id of the async result, or the step (its handler's class or its id) when one run waits there
   */
  async resolve(of: string | Type<object>, value: unknown): Promise<void> {
    await this.deliver(of, { ok: true, value: (value ?? null) as Json });
  }

  /** As `resolve`, with the news that it failed: the step's attempt fails with this reason. */
  async reject(of: string | Type<object>, reason: string): Promise<void> {
    await this.deliver(of, { ok: false, reason });
  }

  /**
   * Says something to a run.
   *
   * @throws StepwellError SIGNAL_UNKNOWN, INPUT_INVALID (with the fields), RUN_ENDED
   */
  async signal<P extends object>(run: RunUnderTest | string, { name }: Signal<P>, payload: NoInfer<P>): Promise<void> {
    await this.messages.signal(idOf(run), name, payload, TESTER);
    await this.settle();
  }

  /**
   * Replaces fields of a run's input.
   *
   * @throws StepwellError INPUT_INVALID (with the fields), RUN_ENDED
   */
  async updateContext(run: RunUnderTest | string, patch: Readonly<Record<string, unknown>>): Promise<void> {
    await this.messages.updateContext(idOf(run), patch, TESTER);
    await this.settle();
  }

  /**
   * Injects nodes into a run, as a person or a service does.
   *
   * @throws StepwellError as of `StepwellClient.inject`
   */
  async inject(run: RunUnderTest | string, nodes: readonly InjectedNode[], options: ClientInjectOptions = {}): Promise<InjectionOutcome> {
    const said = await this.messages.inject(idOf(run), nodes, options, TESTER);
    await this.settle();
    return said;
  }

  async cancel(run: RunUnderTest | string, reason: string | null = null): Promise<void> {
    await this.messages.say(idOf(run), () => ({ kind: 'cancel.requested', payload: { reason, by: TESTER } }), 'cancel');
    await this.settle();
  }

  /**
   * Goes on behind a checkpoint that was kept as a text. Where its run is not stopped there, another one goes on: on PostgreSQL only.
   *
   * @returns the run that goes on
   * @throws StepwellError as `StepwellClient.runCheckpoint`
   */
  async runCheckpoint(checkpoint: string, { overrideData }: Pick<CheckpointOptions, 'overrideData'> = {}): Promise<RunUnderTest> {
    const runId = await this.goOn({ checkpoint, overrideData, actor: TESTER });
    await this.settle();
    return this.handleOf(runId, false);
  }

  /**
   * Takes a run that waits to another version of its workflow, by the plan of the newer one, as an operator does. On PostgreSQL only.
   *
   * @returns what has become of it, or with `dryRun` would become: `problems` says what is in the way
   */
  async migrate(
    run: RunUnderTest,
    { from, to, dryRun = false }: { readonly from: number; readonly to: number; readonly dryRun?: boolean },
  ): Promise<MigrationOutcome> {
    if (!this.store.migrations) throw new Error("Runs are migrated on PostgreSQL only: testKit({ workflows, store: 'postgres' }).");
    const { workflow } = await this.viewOf(run.id);
    const request = { workflow, from, to, which: { runIds: [run.id] }, isDryRun: dryRun };
    const migrations = this.store.migrations(this.catalog, this.hints);
    const { runs } = await migrations.migrate({ ...request, tenant: TENANT, actor: TESTER, reason: null });
    await this.settle();
    return runs[0] as MigrationOutcome;
  }

  /** The process dies now, with all that it has in memory, and another one takes over. */
  async crash(): Promise<void> {
    this.process.kill();
    await this.settle();
  }

  /** All runs, children and those that events have started included, oldest first. */
  runs(): Promise<readonly RunView[]> {
    return this.store.runs();
  }

  /** A run by its id. */
  run(id: string): RunUnderTest {
    return this.handleOf(id, false);
  }

  /** All tasks, whatever became of them. */
  tasks(): Promise<readonly TaskView[]> {
    return this.store.tasks();
  }

  /** All events, oldest first. */
  events(): Promise<readonly EmittedView[]> {
    return this.store.events();
  }

  async close(): Promise<void> {
    await this.process.stop();
    await this.handlers.close();
    await this.connection.close();
    await this.hints.close();
    await this.store.close();
  }

  /** Resolves when the system is at rest. */
  private async settle(): Promise<void> {
    let [seen, calm, spins, since] = [-1, 0, 0, performance.now()];
    for (;;) {
      await (spins++ < 200 ? new Promise(setImmediate) : new Promise((resolve) => setTimeout(resolve, 1)));
      if (this.activity.changes !== seen) [seen, calm, spins, since] = [this.activity.changes, 0, 0, performance.now()];
      else if (this.activity.isAny || this.process.handlersAtWork > this.handlers.hanging)
        this.activity.refuseToWait(since, this.process.handlersAtWork - this.handlers.hanging);
      else if (this.process.isDead) await this.bury();
      else if (this.time.ring()) calm = 0;
      else if (++calm > 1 && !(await this.process.route()) && !this.activity.isAny && !this.process.isDead) return;
    }
  }

  private async moveTo(now: number): Promise<void> {
    await this.store.setTime(now);
    this.time.jumpTo(now);
  }

  private async spawn(): Promise<void> {
    const { catalog, time, hints, ids, texts: checkpoints, activity, writes, queues } = this;
    const { dataSource } = this.store;
    const interceptors = new Set<unknown>(catalog.all().flatMap(({ definition }) => definition.interceptors));
    const replacements = this.options.providers ?? [];
    const provided = { clock: time.clock, client: this.client, dataSource, replacements, interceptors, activity };
    this.handlers = await HostedHandlers.of(this.options.workflows, provided, this.stubs);
    this.connection = await this.store.connect();
    const write = (message: string, fields: Record<string, unknown> = {}) => void this.log.push(`${message} ${JSON.stringify(fields)}`);
    const log = { debug: () => undefined, info: write, warn: write, error: write };
    const { connection, handlers } = this;
    const secrets = { get: (name: string) => Promise.resolve(this.options.secrets?.[name]) };
    const around = { time, hints, ids, checkpoints, activity, writes, queues, log, secrets, random: () => 0.5 };
    this.process = new KitProcess({ connection, handlers, catalog, ...around });
    await this.process.start();
  }

  /** Others notice the death of a process by its lease; here they are told, and no run is blamed for it. */
  private async bury(): Promise<void> {
    this.crashes++;
    await this.connection.store.workers.end(this.process.worker.incarnation);
    await this.handlers.close();
    await this.connection.close();
    await this.spawn();
  }

  private async insert(
    workflow: string,
    input: unknown,
    { idempotencyKey: key = null, session = null }: ClientOptions | { idempotencyKey?: null; session?: null },
    actor: Actor | null = null,
  ): Promise<StartedRun> {
    if (session !== null && !(await this.connection.store.sessions.read({ tenant: TENANT, name: session }, null)))
      throw new StepwellError('SESSION_NOT_FOUND', { name: session });
    const id = uuidV7();
    const hosted = this.catalog.toStart(workflow, { id, input });
    if (hosted.definition.isDeprecated) throw new StepwellError('WORKFLOW_DEPRECATED', { workflow });
    const { value, text } = await checkedInput(hosted, input);
    const about = { tenant: TENANT, id, workflow, version: hosted.definition.version, queue: DEFAULT_QUEUE, worker: null };
    const cause = { startedBy: 'api', actor, causeEvent: null, causeRun: null } as const;
    const started = await this.store.insertRun({ ...about, ...cause, key, session, input: text, ...startTerms(hosted.definition, value) });
    this.hints.wake([DEFAULT_QUEUE]);
    return started;
  }

  private append(name: string, payload: unknown, idempotencyKey: string | null): Promise<string> {
    const known = [...knownEvents(this.catalog), ...this.declaredEvents];
    if (!known.includes(name)) throw new StepwellError('EVENT_NOT_FOUND', { event: name });
    const bad = findNonJson(payload ?? null);
    if (bad) throw new StepwellError('INPUT_INVALID', { reason: `The payload is not JSON: at ${bad.path}, ${bad.reason}.` });
    return this.store.emit({ name, payload: (payload ?? null) as Json, idempotencyKey });
  }

  private async goOn(use: Pick<CheckpointUse, 'checkpoint' | 'overrideData' | 'actor'>): Promise<string> {
    const { catalog, hints: wakeUps, texts, time, store } = this;
    const request = { ...use, tenant: TENANT, reason: null };
    if (store.checkpoints) return store.checkpoints({ catalog, wakeUps, texts, clock: time.clock }).use(request);
    return this.messages.goOn(texts.read(use.checkpoint), request, time.now);
  }

  private async deliver(of: string | Type<object>, settlement: Settlement): Promise<void> {
    const known = typeof of === 'string' ? this.ids.runIdOf(of) : undefined;
    const { runId, id } = known !== undefined && typeof of === 'string' ? { runId: known, id: of } : await this.waitingResult(of);
    if (!(await this.store.settle(runId, id, settlement))) throw new StepwellError('ASYNC_RESULT_SETTLED', { id });
    this.hints.wake(this.queues);
    await this.settle();
  }

  private async waitingResult(step: string | Type<object>): Promise<WaitingResult> {
    const waiting = (await this.store.runs()).filter(({ status }) => status === 'waiting' || status === 'running');
    return waitingResult(await this.connection.store.journals.read(waiting.map(({ id }) => ({ tenant: TENANT, id }))), step);
  }

  private handleOf(id: string, existing: boolean): RunUnderTest {
    const facts = async () => (await this.connection.store.journals.read([{ tenant: TENANT, id }])).get(id) ?? [];
    return new RunUnderTest(id, existing, () => this.viewOf(id), facts);
  }

  private async viewOf(id: string): Promise<RunView> {
    const view = (await this.store.runs()).find((run) => run.id === id);
    if (!view) throw new StepwellError('RUN_NOT_FOUND', { id });
    return view;
  }
}

/**
 * Hosts workflow modules for a test; close it when the test is over.
 *
 * @throws StepwellError when a workflow does not pass the checks of a boot
 */
export function testKit(options: TestKitOptions): Promise<TestKit> {
  return TestKit.open(options);
}

function idOf(run: RunUnderTest | string): string {
  return typeof run === 'string' ? run : run.id;
}
