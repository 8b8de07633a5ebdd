/**
 * How author code reads a run: by handler token or by node id. Outputs and the input are frozen when first handed out, because all
 * readers share them and what was stored must stay what is read.
 *
 * A reader inside a loop sees the nodes of that loop in its own iteration, and everything outside of it as everybody does. The input is
 * what it is when the reader takes its place: somebody may update it while a step is under way, and that step goes on with what it began with.
 */
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import type { CaughtError, ReadContext, Signal, Type } from '@stepwell/sdk';
import { failureBefore, outcomeOf, outcomeOfBody } from './decide.js';
import { bodiesAround, type Graph, type GraphNode } from './graph/graph.js';
import { innerIteration, outerIteration } from './graph/iteration.js';
import type { StepFault } from './facts/step-fault.js';
import type { InjectedNodeData } from './injected-nodes.js';
import { injectedNode, injectPoints } from './injections.js';
import type { Outcome } from './graph/outcome.js';
import { handlerOf } from './references.js';
import type { RunState } from './run-state.js';

export interface RunHeader {
  readonly tenant: string;
  readonly runId: string;
  readonly actor: Actor | null;
}

/** Where in the graph the reader stands. */
interface Place {
  readonly loops: readonly string[];
  readonly iteration: string;
  readonly node?: GraphNode;
}

/** A node, in the iteration that the reader sees. */
interface Found {
  readonly node: GraphNode;
  readonly iteration: string;
}

type Token = string | Type<unknown>;

const OUTSIDE: Place = { loops: [], iteration: '' };

export class GraphReadContext implements ReadContext<never> {
  readonly tenant: string;
  readonly runId: string;
  readonly actor: Actor | null;

  constructor(
    private readonly graph: Graph,
    private readonly state: RunState,
    private readonly header: RunHeader,
    private readonly place: Place = OUTSIDE,
    private readonly inputThen: Json = state.input,
  ) {
    this.tenant = header.tenant;
    this.runId = header.runId;
    this.actor = header.actor;
  }

  /** The same run, read by code that stands at this node. */
  at(node: GraphNode, iteration: string): GraphReadContext {
    const input = this.state.nodes.get(node.path, iteration)?.beganWith ?? this.state.input;
    if (node.parent.owner === undefined && this.place === OUTSIDE && input === this.inputThen) return this;
    return new GraphReadContext(this.graph, this.state, this.header, { loops: node.loops, iteration, node }, input);
  }

  get input(): never {
    return frozen(this.inputThen) as never;
  }

  resultOf = (token: Token, id?: string): never => {
    const found = this.find(token, id);
    const outcome = this.outcome(found);
    if (outcome.status === 'completed' && !this.isSkipped(found)) return frozen(outcome.output) as never;
    if (typeof token === 'string' && this.isUntaken(found.node)) return undefined as never;
    throw new StepwellError('STEP_NOT_RUN', { id: typeof token === 'string' ? token : found.node.id });
  };

  maybeResultOf = (token: Token, id?: string): never => {
    const outcome = this.outcome(this.find(token, id));
    return (outcome.status === 'completed' ? frozen(outcome.output) : undefined) as never;
  };

  lastSignal = ({ name }: Signal<unknown>): never => {
    const payload = this.state.signals.get(name);
    return (payload === undefined ? undefined : frozen(payload)) as never;
  };

  get item(): never {
    const depth = this.place.loops.findLastIndex((_loop, index) => this.itemsAt(index) !== undefined);
    return this.itemIn(depth, 'ctx.item') as never;
  }

  get index(): number {
    const index = this.place.iteration.split('.').at(-1);
    if (index === undefined || index === '') throw this.notInLoop('ctx.index');
    return Number(index);
  }

  itemOf = (forEachId: string): never => {
    return this.itemIn(this.depthOf(this.byId(forEachId)), `itemOf("${forEachId}")`) as never;
  };

  previousOf = (loopId: string): never => {
    const node = this.byId(loopId);
    const depth = this.depthOf(node);
    const [body] = node.bodies;
    if (depth < 0 || !body) throw this.notInLoop(`previousOf("${loopId}")`);
    const { iteration } = this.place;
    const before = Number(iteration.split('.')[depth]) - 1;
    if (before < 0) return undefined as never;
    const outcome = outcomeOfBody(body, innerIteration(outerIteration(iteration, depth), before), this.state);
    return (outcome.status === 'completed' ? frozen(outcome.output ?? null) : undefined) as never;
  };

  taskOf = (screenId: string): string | undefined => {
    const node = this.byId(screenId);
    return this.state.nodes.get(node.path, this.iterationOf(node))?.taskId;
  };

  answerOf = this.resultOf;
  maybeAnswerOf = this.maybeResultOf;

  get error(): CaughtError {
    const error = this.maybeError;
    if (error) return error;
    throw new StepwellError('NOT_IN_CATCH', { workflow: this.graph.workflow });
  }

  get maybeError(): CaughtError | undefined {
    const { node } = this.place;
    for (const body of node ? bodiesAround(node) : []) {
      const fault = body.owner && failureBefore(body, this.iterationOf(body.owner), this.state);
      if (fault) return frozen(errorOf(fault)) as unknown as CaughtError;
    }
    return undefined;
  }

  /** @param depth of the loop, counting from 0 outside */
  private itemIn(depth: number, what: string): Json | undefined {
    const itemAt = this.itemsAt(depth);
    if (!itemAt) throw this.notInLoop(what);
    return frozen(itemAt(Number(this.place.iteration.split('.')[depth])));
  }

  /** How to read the items of a for-each by their index; undefined for another loop. */
  private itemsAt(depth: number): ((index: number) => Json | undefined) | undefined {
    const owner = this.place.loops[depth]?.split('/').slice(0, -1).join('/');
    if (owner === undefined) return undefined;
    const outer = outerIteration(this.place.iteration, depth);
    const injected = this.state.injected.get(owner, outer)?.nodes;
    if (injected) return (index) => itemOf(injected[index]);
    const { items, counts } = this.state.nodes.get(owner, outer) ?? {};
    return items ? (index) => items[index] : counts && ((index) => counts.open.get(index));
  }

  /** Which of the loops around this place a node is, counting from 0 outside; -1 for none. */
  private depthOf({ path }: GraphNode): number {
    return this.place.loops.findIndex((loop) => loop.startsWith(`${path}/`) && !loop.slice(path.length + 1).includes('/'));
  }

  private notInLoop(what: string): StepwellError {
    return new StepwellError('NOT_IN_LOOP', { workflow: this.graph.workflow, what });
  }

  private outcome({ node, iteration }: Found): Outcome {
    return outcomeOf(node, iteration, this.state);
  }

  private isSkipped({ node, iteration }: Found): boolean {
    return this.state.nodes.get(node.path, iteration)?.phase === 'skipped';
  }

  /** The iteration in which this reader sees a node: its own, as far as both stand in the same loops. */
  iterationOf(node: GraphNode): string {
    const loops = node.loops;
    const shared = loops.findIndex((loop, index) => loop !== this.place.loops[index]);
    return outerIteration(this.place.iteration, shared < 0 ? loops.length : shared);
  }

  /** The node that a reader means. */
  nodeOf(token: Token, id?: string): GraphNode {
    return this.find(token, id).node;
  }

  /** An injected node is found by its id, where the graph has none of that name. */
  private find(token: Token, id?: string): Found {
    const injected = typeof token === 'string' && !this.graph.byId.has(token) ? this.injected(token) : undefined;
    if (injected) return injected;
    const node = this.inGraph(token, id);
    return { node, iteration: this.iterationOf(node) };
  }

  private injected(id: string): Found | undefined {
    for (const point of injectPoints(this.graph)) {
      const iteration = this.iterationOf(point);
      const { nodes = [] } = this.state.injected.get(point.path, iteration) ?? {};
      const index = nodes.findIndex((one) => one.id === id);
      const node = nodes[index] && injectedNode(point, nodes[index]);
      if (node) return { node, iteration: innerIteration(iteration, index) };
    }
    return undefined;
  }

  private inGraph(token: Token, id?: string): GraphNode {
    if (typeof token === 'string') return this.byId(token);
    const places = placesOf(this.graph, token);
    if (id !== undefined) return this.placeWith(token, places, id);
    const [first] = places;
    if (first && places.length === 1) return first;
    throw this.misread(
      token,
      first ? `the handler stands at several places (${idsOf(places)}); name one of them.` : 'the handler does not stand in this workflow.',
    );
  }

  private placeWith(token: Type<unknown>, places: readonly GraphNode[], id: string): GraphNode {
    const node = this.byId(id);
    if (places.includes(node)) return node;
    throw this.misread(token, `the node "${id}" has another handler; this one stands at: ${idsOf(places) || 'no place'}.`);
  }

  private byId(id: string): GraphNode {
    const node = this.graph.byId.get(id);
    if (!node) throw new StepwellError('NODE_UNKNOWN', { workflow: this.graph.workflow, id });
    return node;
  }

  private misread(token: Type<unknown>, reason: string): StepwellError {
    return new StepwellError('OPTION_INVALID', { where: `Workflow "${this.graph.workflow}", resultOf(${token.name})`, reason });
  }

  /** True when the node was skipped, or stands in a branch that was not chosen. */
  private isUntaken(node: GraphNode): boolean {
    if (this.isSkipped({ node, iteration: this.iterationOf(node) })) return true;
    for (const { owner, segment, isGuarded, isLast } of bodiesAround(node)) {
      if (!owner) continue;
      const { taken, winner = taken, caught } = this.state.nodes.get(owner.path, this.iterationOf(owner)) ?? {};
      if ((winner !== undefined && winner !== segment) || (caught && isGuarded)) return true;
      // A catch that was not needed.
      const tried = isGuarded || isLast ? undefined : owner.bodies.find((body) => body.isGuarded)?.nodes.at(-1);
      if (tried && !caught && this.outcome({ node: tried, iteration: this.iterationOf(tried) }).status === 'completed') return true;
    }
    return false;
  }
}

function itemOf(injected: InjectedNodeData | undefined): Json | undefined {
  return injected && { id: injected.id, handler: injected.handler, params: injected.params };
}

function errorOf({ code, message, path = '', iteration = '', cause, errors }: StepFault): Json {
  const all = errors && Object.fromEntries(Object.entries(errors).map(([name, fault]) => [name, errorOf(fault)]));
  return { code, message, path, iteration, ...(cause ? { cause: errorOf(cause) } : {}), ...(all ? { errors: all } : {}) };
}

const PLACES = new WeakMap<Graph, ReadonlyMap<unknown, readonly GraphNode[]>>();

function placesOf(graph: Graph, token: unknown): readonly GraphNode[] {
  let places = PLACES.get(graph);
  if (!places) {
    const found = new Map<unknown, GraphNode[]>();
    for (const node of graph.byPath.values()) found.set(handlerOf(node), [...(found.get(handlerOf(node)) ?? []), node]);
    PLACES.set(graph, (places = found));
  }
  return places.get(token) ?? [];
}

function idsOf(nodes: readonly GraphNode[]): string {
  return nodes.map((node) => node.id).join(', ');
}

function frozen(value: Json | undefined): Json | undefined {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}
