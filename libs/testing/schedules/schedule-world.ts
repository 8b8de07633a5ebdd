/**
 * A run of a random workflow among real workers over the store in memory. Whatever a worker asks of the store waits until the schedule lets
 * it through; beside that, the schedule has processes die or give way to another build, leases pass on, hints come late, twice, in another
 * order, never or for nothing, time jump, and people and services answer, some of them again. Then comes calm: nothing bad happens any more,
 * time passes in small steps, and the run has to end.
 */
import { isTerminal, type Json, RunStatus } from '@stepwell/contracts';
import { compile, fold, type GraphNode, type HostedWorkflow, WorkflowCatalog } from '@stepwell/engine';
import { AsyncResultIds, CheckpointTexts } from '@stepwell/runtime';
import { definitionOf, type Delivery, deliveryPolicy, type StepNode, workflow } from '@stepwell/sdk';
import { uuidV7 } from '@stepwell/storage';
import { checkUndone } from '../../engine/testing/check-undone.js';
import { buildTree, type BuiltTree } from '../../engine/testing/flow-tree.js';
import { OTHER_QUEUE } from '../../engine/testing/tree.js';
import { normal } from '../../engine/testing/tree-values.js';
import { Activity } from '../process/activity.js';
import { KitProcess } from '../process/kit-process.js';
import { FLUSH, type Loss, Writes } from '../process/mortal-store.js';
import { TENANT } from '../stores/kit-store.js';
import { MemoryKitStore } from '../stores/memory-kit-store.js';
import { VirtualTime } from '../virtual-time.js';
import { Chance } from '../../engine/testing/chance.js';
import { checkJournal } from './check-journal.js';
import { singletons, withMore } from './handlers.js';
import { checkFolds, checkLengths, keptBy } from './kept-folds.js';
import { LooseHints } from './loose-hints.js';
import { randomSequence } from './random-tree.js';

const LEASE_MS = 15_000;
const ADVERSE_MOVES = 120;
const CALM_MOVES = 20_000;
const DELIVERIES: readonly Delivery[] = ['durable', 'direct', { mode: 'checkpoint', batchSize: 2 }];
const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What happened, for whoever wants to know that much did. */
export interface ScheduleReport {
  readonly deaths: number;
  readonly lostLeases: number;
  readonly deploys: number;
  /** How often a hint went astray, and how often somebody said the same again. */
  readonly strayHints: number;
  readonly repeats: number;
  /** Commits that came to pass, or did not, without their process hearing of it. */
  readonly lostAnswers: number;
  readonly lostCommits: number;
  readonly isCanceled: boolean;
  readonly undone: number;
}

interface Question {
  readonly node: GraphNode;
  readonly number: number;
}

export class ScheduleWorld {
  private readonly chance: Chance;
  private readonly time = new VirtualTime(1_764_288_000_000);
  private readonly store: MemoryKitStore;
  private readonly hints = new LooseHints();
  private readonly ids = new AsyncResultIds('key', 'http://nowhere.invalid');
  private readonly checkpoints = new CheckpointTexts('key');
  private readonly built: BuiltTree;
  private readonly catalog: WorkflowCatalog;
  /** Of other builds: one that also has a newer version of the workflow, and one that has no other. */
  private readonly otherBuilds: readonly WorkflowCatalog[];
  private readonly waiting: { readonly name: string; readonly open: (loss?: Loss) => void }[] = [];
  private readonly questions = new Map<string, Question>();
  private readonly asked = new Map<string, number>();
  private readonly sent = new Set<string>();
  private processes: KitProcess[] = [];
  private readonly routing = new Set<KitProcess>();
  private runId = '';
  private deaths = 0;
  private lostLeases = 0;
  private deploys = 0;
  private strayHints = 0;
  private repeats = 0;
  private lostAnswers = 0;
  private lostCommits = 0;
  /** What was said from outside, to be said again. */
  private readonly said: (() => Promise<unknown>)[] = [];
  private isCanceled = false;
  /** What the schedule did, to be read when it failed. */
  readonly steps: string[] = [];

  constructor(seed: number) {
    this.chance = new Chance(seed);
    this.built = buildTree(randomSequence(this.chance));
    const tree = hosted(compile(definitionOf(this.built.workflow)), definitionOf(this.built.workflow));
    for (const node of tree.graph.byPath.values()) this.adapt(node);
    const child = definitionOf(workflow<{ of: string }>('child', { version: 1 }).then('echo', (ctx) => ctx.input));
    this.catalog = new WorkflowCatalog([tree, hosted(compile(child), child)]);
    const newer = definitionOf(workflow<unknown>('tree', { version: 2 }).then('anything-else', () => null));
    const others = [hosted(compile(newer), newer), hosted(compile(child), child)];
    this.otherBuilds = [new WorkflowCatalog([tree, ...others]), new WorkflowCatalog(others)];
    this.store = new MemoryKitStore(this.catalog, () => this.time.now);
  }

  /** @throws Error when a rule is broken, or the run does not end */
  async play(): Promise<ScheduleReport> {
    for (const queues of [['default'], ['default', OTHER_QUEUE]]) this.spawn(queues);
    this.runId = uuidV7();
    const about = { tenant: TENANT, id: this.runId, workflow: 'tree', version: 1, queue: 'default', worker: null, key: null };
    const cause = { startedBy: 'api', actor: null, causeEvent: null, causeRun: null, priority: 0, permitKey: null } as const;
    await this.store.insertRun({ ...about, ...cause, input: 'null' });
    this.hints.wake(['default']);
    for (let count = 0; count < ADVERSE_MOVES && !this.hasEnded; count++) await this.adverseMove();
    await this.calm();
    const undone = this.check();
    for (const process of this.processes) process.kill();
    const { deaths, lostLeases, deploys, strayHints, repeats, lostAnswers, lostCommits, isCanceled } = this;
    return { deaths, lostLeases, deploys, strayHints, repeats, lostAnswers, lostCommits, isCanceled, undone };
  }

  private async adverseMove(): Promise<void> {
    const roll = this.chance.below(100);
    if (roll < 3) this.die();
    else if (roll < 5) await this.loseLease();
    else if (roll === 5) this.deploy();
    else if (roll < 8) this.did('a hint for nothing', () => this.hints.wake([this.chance.of(['default', OTHER_QUEUE, 'events'])]));
    else if (roll < 12) this.jump(this.chance.of([1, 1_000, 20_000, 300_000]));
    else if (roll === 12 && this.chance.below(8) === 0) await this.cancel();
    else if (roll < 35) await this.outside();
    else if (roll < 37) await this.again();
    else if (roll < 45) this.route();
    else if (roll < 60 && this.hint()) return turn();
    else if (this.waiting.length > 0) this.letThroughOrLose(this.chance.below(this.waiting.length));
    else this.tick();
    await turn();
    checkLengths(keptBy(this.processes), (id) => this.store.store.rows.journals.get(id)?.length ?? 0);
  }

  /** Those who died are missed after a lease; suspects get a worker in isolation. */
  private async calm(): Promise<void> {
    this.hints.calm();
    this.spawn(['default', OTHER_QUEUE]);
    this.spawn(['default', OTHER_QUEUE], true);
    let idle = 0;
    for (let count = 0; count < CALM_MOVES; count++) {
      await turn();
      if (this.waiting.length > 0) this.letThrough(0);
      else if (this.hasEnded && !this.isBusy) return;
      else if (!(await this.outside())) {
        if (idle++ % 2 === 0) this.route();
        else this.jump(Math.min(5_000, Math.max(1, (this.time.nextAt ?? Infinity) - this.time.now)));
      }
    }
    throw new Error(`The run does not end: it is ${this.row?.status ?? 'not there'}, ${JSON.stringify(this.row)}.`);
  }

  private spawn(queues: readonly string[], isIsolated = false, catalog = this.catalog): void {
    const { time, hints, ids, checkpoints, chance } = this;
    const gate = (name: string) => new Promise<Loss | undefined>((open) => this.waiting.push({ name, open }));
    const options = {
      leaseMs: LEASE_MS,
      sweepMs: 10_000,
      // Every run that comes back goes on from what was kept of it.
      keepFoldsFrom: 0,
      isIsolated,
      roles: [isIsolated ? 'isolated' : 'worker'],
      ...(isIsolated ? { maxActive: 1 } : {}),
    };
    const connection = { store: this.store.store, events: this.store.store.events, close: async () => undefined };
    const parts = {
      connection,
      catalog,
      handlers: singletons(),
      queues,
      time,
      hints,
      ids,
      checkpoints,
      activity: new Activity(),
      writes: new Writes(),
      log: QUIET,
    };
    const process = new KitProcess({ ...parts, random: () => chance.next(), options, gate });
    this.processes.push(process);
    process.start().catch((error: unknown) => this.steps.push(`a start failed: ${String(error)}`));
  }

  private die(): void {
    if (this.deaths >= 4) return;
    const index = this.chance.below(this.processes.length);
    const [process] = this.processes.splice(index, 1);
    if (!process) return;
    this.deaths++;
    this.did('a process dies', () => process.kill());
    // In half of the cases in order: then nobody has to wait for its lease.
    if (this.chance.below(2) === 0) void this.store.store.workers.end(process.worker.incarnation);
    this.spawn(index === 0 ? ['default'] : ['default', OTHER_QUEUE]);
  }

  /** A process gives way, in order, to one of another build. */
  private deploy(): void {
    if (this.deploys >= 2) return;
    const [process] = this.processes.splice(this.chance.below(this.processes.length), 1);
    if (!process) return;
    this.deploys++;
    this.did('another build', () => void process.stop());
    this.spawn(['default', OTHER_QUEUE], false, this.chance.of(this.otherBuilds));
  }

  /** @returns whether there was one */
  private hint(): boolean {
    const what = this.hints.move(this.chance);
    if (what === undefined) return false;
    this.steps.push(what);
    if (!what.endsWith('comes')) this.strayHints++;
    return true;
  }

  /** Somebody who did not hear that it was heard says it again. */
  private async again(): Promise<void> {
    if (this.said.length === 0) return;
    this.repeats++;
    this.steps.push('from outside: the same again');
    await this.chance.of(this.said)();
  }

  private tell(how: () => Promise<unknown>): Promise<unknown> {
    this.said.push(how);
    return how();
  }

  /** Others take a living worker for dead, and its runs over. */
  private async loseLease(): Promise<void> {
    if (this.lostLeases >= 3) return;
    const process = this.chance.of(this.processes);
    this.lostLeases++;
    this.steps.push('a lease passes on');
    await this.store.store.workers.end(process.worker.incarnation);
    const { queues } = await this.store.store.workers.takeOver(500, null);
    this.hints.wake(queues);
  }

  private async cancel(): Promise<void> {
    this.isCanceled = true;
    this.steps.push('a cancel');
    await this.say('cancel.requested', 'cancel', { reason: null, by: null });
  }

  private jump(ms: number): void {
    this.did(`time jumps by ${ms} ms`, () => this.time.jumpTo(this.time.now + ms));
    while (this.time.ring());
  }

  private tick(): void {
    const next = this.time.nextAt;
    if (next !== undefined) this.jump(Math.min(4_000, Math.max(0, next - this.time.now)));
  }

  private route(): void {
    const process = this.chance.of(this.processes.filter((one) => !this.routing.has(one)));
    if (process === undefined) return;
    this.routing.add(process);
    void process.route().finally(() => this.routing.delete(process));
  }

  private letThrough(index: number, loss?: Loss): void {
    const [one] = this.waiting.splice(index, 1);
    if (one) this.did(loss ? `${one.name}, and the ${loss} is lost` : one.name, () => one.open(loss));
  }

  /** A connection breaks under a commit: whoever asked for it does not know whether it came to pass. */
  private letThroughOrLose(index: number): void {
    if (this.waiting[index]?.name !== FLUSH || this.chance.below(3) !== 0) return this.letThrough(index);
    const loss = this.chance.of(['question', 'answer'] as const);
    if (loss === 'answer') this.lostAnswers++;
    else this.lostCommits++;
    this.letThrough(index, loss);
  }

  /** One thing that people or services do. @returns whether there was any */
  private async outside(): Promise<boolean> {
    const { tasks, waits } = this.store.store.rows;
    const open = [...tasks.values()].find(({ status }) => status === 'open');
    const wait = [...waits.values()].find(({ id }) => !this.sent.has(id));
    const [question] = this.questions;
    const choices = [open && 'task', wait && 'event', question && 'result'].filter((one) => one !== undefined);
    if (choices.length === 0) return false;
    const choice = this.chance.of(choices);
    this.steps.push(`from outside: ${choice}`);
    if (choice === 'task' && open) {
      const node = this.catalog.get('tree')?.graph.byPath.get(open.path);
      const view = (await this.store.tasks()).find(({ id }) => id === open.id);
      const by = { id: 't', name: 't', kind: 'user' } as const;
      const answer = (node && this.built.options.answer?.(node)) ?? null;
      if (node && view) await this.tell(() => this.store.decide(view, { answer, actor: by, after: 'decided', handsTo: null }));
    } else if (choice === 'event' && wait) {
      this.sent.add(wait.id);
      await this.tell(() => this.store.emit({ name: wait.event, payload: wait.match, idempotencyKey: null }));
    } else if (question) {
      const [id, { node, number }] = question;
      this.questions.delete(id);
      const settlement = this.built.options.settle?.(node, number);
      if (settlement) await this.tell(() => this.store.settle(this.runId, id, settlement));
    }
    this.hints.wake(['default', 'events']);
    return true;
  }

  private async say(kind: 'cancel.requested', dedupeKey: string, payload: Json): Promise<void> {
    const outcome = await this.store.store.journals.append({ tenant: TENANT, runId: this.runId, kind, dedupeKey, payload });
    if (outcome.kind === 'accepted') this.hints.wake([outcome.queue]);
  }

  /** The steps of a tree speak the language of the core's own driver: here they are told it by a worker's context. They are written as chance has it. */
  private adapt(node: GraphNode): void {
    const step = node.definition as StepNode;
    const { run } = step;
    if (step.kind !== 'step' || !run) return;
    const adapted = (ctx: {
      runId: string;
      suspend(how: { for: string }): unknown;
      resumeWhenComplete(id: string, how?: object): unknown;
    }) => {
      const ask = (): string => {
        const { id } = this.ids.create(TENANT, ctx.runId);
        const number = this.asked.get(node.path) ?? 0;
        this.asked.set(node.path, number + 1);
        this.questions.set(id, { node, number });
        return id;
      };
      const wait = (id: string, ms?: number) =>
        ctx.resumeWhenComplete(
          id === 'never' ? this.ids.create(TENANT, ctx.runId).id : id,
          ms === undefined ? {} : { timeout: `${ms / 1_000}s` },
        );
      const more = {
        suspendFor: (ms: number) => ctx.suspend({ for: `${ms / 1_000}s` }),
        createAsyncResult: ask,
        resumeWhenComplete: wait,
        generation: 0,
      };
      return run(withMore(ctx, more) as never);
    };
    // A step's output may stay behind for a while, or until something has to be written.
    const delivery = this.chance.of(DELIVERIES);
    Object.assign(step, { run: adapted, policy: { ...step.policy, delivery: deliveryPolicy(delivery, step.id) } });
  }

  private get row() {
    return this.store.store.rows.runs.get(this.runId);
  }

  private get hasEnded(): boolean {
    return [...this.store.store.rows.runs.values()].every(({ status }) => isTerminal(status)) && this.row !== undefined;
  }

  private get isBusy(): boolean {
    const { outbox, events } = this.store.store.rows;
    return outbox.length > 0 || [...events.values()].some(({ routed }) => !routed);
  }

  private did(what: string, how: () => void): void {
    this.steps.push(what);
    how();
  }

  /** @returns how many steps were undone */
  private check(): number {
    const { rows } = this.store.store;
    const { outcome } = this.built;
    const run = this.row;
    const wanted: readonly string[] = this.isCanceled ? [outcome.status, RunStatus.canceled] : [outcome.status];
    if (outcome.status !== 'unknown' && (!run || !wanted.includes(run.status)))
      throw new Error(`The run is ${run?.status ?? 'not there'} (${run?.errorMessage ?? ''}), not ${wanted.join(' or ')}.`);
    for (const [id, journal] of rows.journals) checkJournal(id, journal);
    checkFolds(keptBy(this.processes), (id) => this.facts(id));
    const open = [...rows.tasks.values()].filter(({ status }) => status === 'open').length + rows.dispatches.size + rows.waits.size;
    if (open > 0) throw new Error(`${open} tasks, dispatches or waits are open although all runs have ended.`);
    const leased = [...rows.runs.values()].filter(({ worker }) => worker !== null);
    if (leased.length > 0) throw new Error('A run that has ended is leased to a worker.');
    const { graph } = this.catalog.get('tree') ?? {};
    const undone = graph && run ? checkUndone({ graph, status: run.status, journal: this.facts() }) : 0;
    if (run?.status !== RunStatus.completed || outcome.status !== 'completed') return undone;
    const output = JSON.stringify(normal(fold(this.facts()).output));
    const expected = JSON.stringify(outcome.output ?? null);
    if (output !== expected) throw new Error(`The output is ${output}, not ${expected}.`);
    return undone;
  }

  private facts(id = this.runId) {
    return (this.store.store.rows.journals.get(id) ?? []).map((fact) => ({
      ...fact,
      version: 1,
      payload: JSON.parse(fact.payload) as Json,
    }));
  }
}

function hosted(graph: HostedWorkflow['graph'], definition: HostedWorkflow['definition']): HostedWorkflow {
  return { definition, graph, needs: `${definition.name}@${definition.version}`, processor: undefined };
}

/** Until every promise that can go on has gone on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
