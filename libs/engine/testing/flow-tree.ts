/**
 * Workflows as plain trees, for generated tests: a tree builds a real flow through the builder, and says without the engine what must
 * come out of every node, whatever the order in which things happen and whenever the worker dies.
 */
import type { Json } from '@stepwell/contracts';
import { event, type Flow, type Hosted, type ReadContext, type StandIn, type TryBranches, type Verify, workflow } from '@stepwell/sdk';
import type { GraphNode } from '../graph/graph.js';
import { forEachRunTree } from './for-each-run-tree.js';
import { injectTree } from './inject-tree.js';
import { loopTree } from './loop-tree.js';
import { mustEqual } from './must-equal.js';
import type { Settlement } from './outside-world.js';
import type { DriverOptions, DriverStepContext } from './run-driver.js';
import { type Expected, OTHER_QUEUE, type Sequence, type StepWay, type Tree } from './tree.js';
import { escalating, fail, GONE, normal, ON_GONE, outputOf, SAID, SAY, settled, UndoStep } from './tree-values.js';

class Answer {}
const CHILD = workflow<{ of: string }>('child', { version: 1 });

export interface BuiltTree {
  readonly workflow: Hosted;
  /** Of every node, by id. */
  readonly expected: ReadonlyMap<string, Expected>;
  readonly outcome: Expected;
  readonly options: DriverOptions;
}

/** @param isCancelable whether the run also listens for an event that cancels it; nobody sends it but a test */
export function buildTree(sequence: Sequence, isCancelable = false): BuiltTree {
  const builder = new TreeBuilder();
  const flow = workflow<unknown>('tree', { version: 1, signals: [SAY], cancelOn: isCancelable ? [ON_GONE] : [] });
  const outcome = builder.sequence(flow, sequence, [], true);
  const settle = (node: GraphNode, question: number): Settlement | null => {
    const way = builder.ways.get(node.id);
    if (way === 'is-late') return null;
    if (way === 'asks' || question > 0) return { ok: true, value: node.id };
    return way === 'asks-again' ? { ok: false, reason: 'not now' } : null;
  };
  return {
    workflow: flow,
    expected: builder.expected,
    outcome,
    options: { settle, says: SAID, unsent: GONE.name, answer: (node) => ({ by: node.id }), otherQueues: [OTHER_QUEUE] },
  };
}

class TreeBuilder {
  readonly expected = new Map<string, Expected>();
  readonly ways = new Map<string, StepWay>();
  private readonly charged = new Set<string>();
  /** What readers inside the same branch see, also where the whole comes to nothing later. */
  private readonly seenInside = new Map<string, Expected>();
  private count = 0;

  /** @param before ids that have certainly ended when this sequence begins: every reader here checks what it sees of them */
  sequence(flow: Flow<unknown>, sequence: Sequence, before: readonly string[], isReached: boolean): Expected {
    const seen = [...before];
    let outcome: Expected = isReached ? { status: 'completed', output: undefined } : { status: 'not-reached' };
    for (const tree of sequence) {
      const id = `${tree.kind}-${++this.count}`;
      const own = this.node(flow, tree, id, [...seen], outcome.status === 'completed');
      this.expected.set(id, own);
      this.seenInside.set(id, own.status === 'completed' ? { ...own, output: normal(own.output) as Json | undefined } : own);
      if (outcome.status === 'completed') outcome = own;
      seen.push(id);
    }
    return outcome;
  }

  private node(flow: Flow<unknown>, tree: Tree, id: string, seen: readonly string[], isReached: boolean): Expected {
    const completed = (output: Json): Expected => (isReached ? { status: 'completed', output } : { status: 'not-reached' });
    switch (tree.kind) {
      case 'step':
        this.ways.set(id, tree.way);
        this.step(flow, tree.way, id, seen);
        return completed({ id });
      case 'undoable-step':
        flow.then(id, ((ctx: DriverStepContext) => this.checked(ctx, seen, { id })) as never, { compensate: UndoStep });
        return completed({ id });
      case 'failing-step':
        flow.then(id, () => fail());
        return isReached ? { status: 'failed' } : { status: 'not-reached' };
      case 'skipped-step':
        flow.then(id, () => fail(), { when: (ctx) => this.checked(ctx as never, seen, false) });
        return isReached ? { status: 'completed', output: undefined } : { status: 'not-reached' };
      case 'breaking-step':
        flow.then(id, ((ctx: DriverStepContext) => (ctx.generation === 0 ? fail() : this.checked(ctx, seen, { id }))) as never);
        return completed({ id });
      case 'parked-step':
        flow.then(id, ((ctx: DriverStepContext) => (ctx.attempt === 1 ? fail() : this.checked(ctx, seen, { id }))) as never, {
          onExhausted: 'park',
        });
        return completed({ id });
      case 'screen':
        this.screen(flow, id);
        return completed({ by: id });
      case 'wait':
        flow.wait('1m', { id });
        return completed(null);
      case 'wait-for-event':
        flow.waitForEvent(event<{ from: string }>(`${id}-came`), {
          id,
          match: (ctx) => this.checked(ctx as never, seen, { from: id }),
          where: (_event, ctx) => this.checked(ctx as never, seen, true),
        });
        return completed({ timedOut: false, event: { of: id } });
      case 'wait-for-signal':
        flow.waitForSignal(SAY, { id });
        return completed({ timedOut: false, payload: SAID.payload, by: null });
      case 'child':
        flow.subWorkflow(CHILD, (ctx) => this.checked(ctx as never, seen, { of: id }), { id });
        return completed({ of: id });
      case 'emit':
        flow.emit(event<Json>(id), (ctx) => this.checked(ctx as never, seen, { from: id }), { id });
        return completed({ eventId: 'some' });
      case 'if':
        return this.if(flow, tree, id, seen, isReached);
      case 'router':
        return this.router(flow, tree, id, seen, isReached);
      case 'ab-split':
        return this.abSplit(flow, tree, id, seen, isReached);
      case 'parallel':
        return this.parallel(flow, tree, id, seen, isReached);
      case 'race':
        return this.race(flow, tree, id, seen, isReached);
      case 'try':
        return this.try(flow, tree, id, seen, isReached);
      case 'cancellation-scope':
        return this.scope(flow, tree, id, seen, isReached);
      case 'loop':
        return loopTree(flow, tree, id, seen, isReached, this);
      case 'for-each':
        return this.forEach(flow, tree, id, seen, isReached);
      case 'inject':
        return injectTree(flow, tree, id, isReached, (ctx, value) => this.checked(ctx, seen, value));
      case 'for-each-run':
        return forEachRunTree(flow, tree, id, isReached, (ctx, value) => this.checked(ctx, seen, value));
    }
  }

  private step(flow: Flow<unknown>, way: StepWay, id: string, seen: readonly string[]): void {
    const run = (ctx: DriverStepContext): unknown => {
      const output = this.checked(ctx, seen, { id });
      if (ctx.isResumed) return way === 'sleeps' || ctx.resumeData === id ? output : fail();
      if (way === 'retries' && ctx.attempt < 3) return fail();
      if (way === 'sleeps') return ctx.suspendFor(60_000);
      if (way === 'gives-up') return fail();
      if (way === 'charges') this.charge(ctx);
      if (!['asks', 'asks-again', 'is-ignored', 'is-late'].includes(way)) return output;
      const timeout = way === 'is-ignored' && ctx.attempt === 1 ? 60_000 : undefined;
      return ctx.resumeWhenComplete(ctx.createAsyncResult(), timeout);
    };
    const attempts = { retries: 3, 'asks-again': 2, 'is-ignored': 2, charges: 20 }[way as string] ?? 1;
    const verify: Verify<unknown, unknown> = (ctx) =>
      this.charged.has(ctx.idempotencyKey) ? { happened: true, output: this.checked(ctx as never, seen, { id }) } : { happened: false };
    const standIn: StandIn<unknown, unknown> = (_failure, ctx) => this.checked(ctx as never, seen, { id });
    flow.then(id, run as never, {
      retry: { attempts, backoff: '10s' },
      ...(way.endsWith('elsewhere') ? { queue: OTHER_QUEUE } : {}),
      ...(way === 'is-delayed' ? { delay: '30s' } : {}),
      ...(way === 'charges' ? { externalEffect: { verify } } : {}),
      ...(way === 'gives-up' ? { onFailure: standIn } : {}),
      ...(way.startsWith('is-late') ? { deadline: { after: '90s', onBreach: standIn } } : {}),
    });
  }

  /** Whatever happens to the worker, nobody is charged twice. */
  private charge({ idempotencyKey }: DriverStepContext): void {
    if (this.charged.has(idempotencyKey)) throw new Error(`${idempotencyKey} is charged twice.`);
    this.charged.add(idempotencyKey);
  }

  private screen(flow: Flow<unknown>, id: string): void {
    const definition = { kind: 'screen', id, screen: class { answer = Answer; props = () => ({ for: id }); }, title: id, instructions: null, due: null, followUp: null, priority: () => 0, fixedPriority: 0, assignment: null, escalations: escalating(id) } as const; // prettier-ignore
    (flow as unknown as { nodes: unknown[] }).nodes.push(definition);
  }

  private if(flow: Flow<unknown>, tree: Extract<Tree, { kind: 'if' }>, id: string, seen: readonly string[], isReached: boolean): Expected {
    const isElse = tree.taken < 0 || tree.taken >= tree.arms.length;
    let outcome: Expected = isReached ? { status: 'completed', output: undefined } : { status: 'not-reached' };
    const branch = (sequence: Sequence, isTaken: boolean) => (inner: Flow<unknown>) => {
      const own = this.sequence(inner, sequence, seen, isReached && isTaken);
      if (isReached && isTaken) outcome = own;
      return inner;
    };
    const condition = (index: number) => (ctx: unknown) => this.checked(ctx as DriverStepContext, seen, index === tree.taken);
    const [first, ...rest] = tree.arms;
    let open = flow.when(condition(0), branch(first ?? [{ kind: 'wait' }], tree.taken === 0), { id });
    for (const [index, arm] of rest.entries()) open = open.elseIf(condition(index + 1), branch(arm, tree.taken === index + 1));
    if (tree.otherwise) open.otherwise(branch(tree.otherwise, isElse));
    return outcome;
  }

  private router(
    flow: Flow<unknown>,
    tree: Extract<Tree, { kind: 'router' }>,
    id: string,
    seen: readonly string[],
    isReached: boolean,
  ): Expected {
    const fits = tree.routes[tree.taken] !== undefined;
    let outcome: Expected = isReached ? { status: 'failed' } : { status: 'not-reached' };
    const branch = (sequence: Sequence, isTaken: boolean) => (inner: Flow<unknown>) => {
      const own = this.sequence(inner, sequence, seen, isReached && isTaken);
      if (isReached && isTaken) outcome = own;
      return inner;
    };
    const options = { id, ...(tree.otherwise ? { otherwise: branch(tree.otherwise, !fits) } : {}) };
    const checked = <T>(ctx: unknown, value: T) => this.checked(ctx as DriverStepContext, seen, value);
    const branches = tree.routes.map((sequence, index) => branch(sequence, index === tree.taken));
    if (tree.by === 'value')
      flow.route((ctx) => checked(ctx, tree.taken), Object.fromEntries(branches.entries()) as never, options as never);
    else {
      const routes = branches.map((one, index) => [`route-${index}`, { when: (ctx: unknown) => checked(ctx, index === tree.taken), branch: one }] as const); // prettier-ignore
      flow.route(Object.fromEntries(routes), options);
    }
    return outcome;
  }

  private abSplit(
    flow: Flow<unknown>,
    tree: Extract<Tree, { kind: 'ab-split' }>,
    id: string,
    seen: readonly string[],
    isReached: boolean,
  ): Expected {
    const taken = tree.variants[tree.taken] ? tree.taken : -1;
    let outcome: Expected = isReached ? { status: 'completed', output: null } : { status: 'not-reached' };
    const variants = tree.variants.map((sequence, index) => {
      const branch = (inner: Flow<unknown>) => {
        const own = this.sequence(inner, sequence, seen, isReached && index === taken);
        if (index === taken) outcome = own;
        return inner;
      };
      return [`variant-${index}`, { weight: index === taken ? 2 : 0, branch }] as const;
    });
    flow.abSplit(
      { ...Object.fromEntries(variants), none: { weight: taken < 0 ? 1 : 0 } },
      { id, by: (ctx) => this.checked(ctx as never, seen, 'Ada') },
    );
    if (outcome.status !== 'completed') return outcome;
    const variant = taken < 0 ? 'none' : `variant-${taken}`;
    return { status: 'completed', output: { variant, selectedVariant: variant, output: outputOf(outcome) } };
  }

  private parallel(
    flow: Flow<unknown>,
    tree: Extract<Tree, { kind: 'parallel' }>,
    id: string,
    seen: readonly string[],
    isReached: boolean,
  ): Expected {
    const first = this.expected.size;
    const outcomes: Record<string, Expected> = {};
    const branches = tree.branches.map((sequence, index) => {
      const name = `branch-${index}`;
      return [name, (inner: Flow<unknown>) => {
        outcomes[name] = this.sequence(inner, sequence, seen, isReached);
        return inner;
      }] as const; // prettier-ignore
    });
    flow.parallel(Object.fromEntries(branches), { id, mode: tree.mode, concurrency: tree.concurrency });
    if (!isReached) return { status: 'not-reached' };
    const hasFailed = Object.values(outcomes).some((outcome) => outcome.status === 'failed');
    if (hasFailed && tree.mode === 'fail-fast') {
      for (const inner of [...this.expected.keys()].slice(first)) this.expected.set(inner, { status: 'unknown' });
      return { status: 'failed' };
    }
    const output = Object.entries(outcomes).map(([name, outcome]) => [
      name,
      tree.mode === 'collect-all' ? settled(outcome) : outputOf(outcome),
    ]);
    return { status: 'completed', output: Object.fromEntries(output) as Json };
  }

  private race(
    flow: Flow<unknown>,
    tree: Extract<Tree, { kind: 'race' }>,
    id: string,
    seen: readonly string[],
    isReached: boolean,
  ): Expected {
    let own = { status: 'not-reached' } as Expected;
    const before = this.expected.size;
    const winner = (inner: Flow<unknown>) => {
      own = this.sequence(inner, tree.winner, seen, isReached);
      return inner;
    };
    const others = tree.others.map((sequence, index) => [`other-${index}`, (inner: Flow<unknown>) => {
      const first = this.expected.size;
      if (tree.first === 'success') this.sequence(inner, sequence, seen, isReached);
      for (const one of [...this.expected.keys()].slice(first)) this.expected.set(one, { status: 'unknown' });
      const fails = tree.first === 'success' && own.status === 'failed';
      return inner.then(`${id}-${index}-end`, ((ctx: DriverStepContext) => (fails ? fail() : ctx.resumeWhenComplete('never'))) as never);
    }] as const); // prettier-ignore
    flow.race({ winner, ...Object.fromEntries(others) }, { id, first: tree.first, compensateLosers: tree.compensates ?? false });
    if (isReached && own.status === 'failed') for (const one of [...this.expected.keys()].slice(before)) this.expected.set(one, { status: 'unknown' }); // prettier-ignore
    return own.status === 'completed' ? { status: 'completed', output: { winner: 'winner', output: own.output ?? null } } : own;
  }

  private try(
    flow: Flow<unknown>,
    tree: Extract<Tree, { kind: 'try' }>,
    id: string,
    seen: readonly string[],
    isReached: boolean,
  ): Expected {
    let outcome: Expected = { status: 'not-reached' };
    const branch = (sequence: Sequence, isIn: () => boolean, end: (own: Expected) => void) => (inner: Flow<unknown>) => {
      const own = this.sequence(inner, sequence, seen, isIn());
      if (isIn()) end(own);
      return inner;
    };
    const hasFailed = () => outcome.status === 'failed';
    const replace = (own: Expected) => void (outcome = own);
    const handled = (inner: Flow<unknown>) => {
      inner.then(`${id}-error`, (ctx) => mustEqual(ctx.error.path.includes(`${id}/try/`), true, `The place of the error in ${id}`));
      return branch(tree.catch ?? [{ kind: 'wait' }], hasFailed, replace)(inner);
    };
    const last = branch(tree.finally ?? [{ kind: 'wait' }], () => isReached, (own) => own.status === 'failed' && replace(own)); // prettier-ignore
    const options = { id, compensate: tree.compensates ?? false };
    const branches = { ...options, ...(tree.catch ? { catch: handled } : {}), ...(tree.finally || !tree.catch ? { finally: last } : {}) };
    flow.try(branch(tree.body, () => isReached, replace), branches as TryBranches<unknown>); // prettier-ignore
    return outcome;
  }

  private scope(
    flow: Flow<unknown>,
    tree: Extract<Tree, { kind: 'cancellation-scope' }>,
    id: string,
    seen: readonly string[],
    isReached: boolean,
  ): Expected {
    let outcome: Expected = { status: 'not-reached' };
    const branch = (inner: Flow<unknown>) => {
      outcome = this.sequence(inner, tree.body, seen, isReached);
      return inner;
    };
    flow.cancellationScope(branch, { id });
    return outcome;
  }

  private forEach(
    flow: Flow<unknown>,
    tree: Extract<Tree, { kind: 'for-each' }>,
    id: string,
    seen: readonly string[],
    isReached: boolean,
  ): Expected {
    const first = this.expected.size;
    const items = Array.from({ length: tree.items }, (_, index) => `${id}[${index}]`);
    let outcome = { status: 'not-reached' } as Expected;
    const branch = (inner: Flow<unknown>, itemOf: (ctx: ReadContext) => string): Flow<unknown> => {
      const here = `${id}-item`;
      inner.then(here, (ctx) => {
        mustEqual([ctx.item, items[ctx.index]], [itemOf(ctx), itemOf(ctx)], `The item of ${id}`);
        return this.checked(ctx as never, seen, itemOf(ctx));
      });
      outcome = this.sequence(inner, tree.branch, seen, isReached && tree.items > 0);
      return inner;
    };
    flow.forEach<string>((ctx) => this.checked(ctx as never, seen, items), branch, { id, concurrency: tree.concurrency });
    if (!isReached) return { status: 'not-reached' };
    for (const inner of [...this.expected.keys()].slice(first)) this.expected.set(inner, { status: 'unknown' });
    if (outcome.status === 'failed') return { status: 'failed' };
    return { status: 'completed', output: items.map(() => outputOf(outcome)) };
  }

  /** Checks that a reader sees what it must of everything before it, and hands `value` through. */
  checked<T>(ctx: DriverStepContext, seen: readonly string[], value: T): T {
    for (const id of seen) {
      const expected = this.seenInside.get(id);
      if (expected?.status !== 'completed') throw new Error(`${id} should have completed, but is ${expected?.status}.`);
      mustEqual(normal(ctx.resultOf(id)), expected.output, `The result of ${id}`);
    }
    return value;
  }
}
