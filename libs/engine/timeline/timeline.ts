/**
 * The timeline of a run for people: one entry per node that was reached, in the order they were reached, each branch after the control
 * node that it belongs to. A projection over facts and graph: nothing of it is stored, and the engine decides nothing by it.
 *
 * Most of it stands in the facts. Two things do not, because the engine needs no fact for them, and are asked of `decide`: how a control
 * node stands, and which handlers are running now.
 */
import { AttemptStatus, RunStatus } from '@stepwell/contracts';
import { fold } from '../apply.js';
import { decide, isCanceled, outcomeOf } from '../decide.js';
import { type Fact, payloadOf } from '../facts/fact.js';
import type { ForkStartedPayload } from '../facts/fork.facts.js';
import type { MigrationUndonePayload } from '../facts/migration.facts.js';
import type { RetryStartedPayload } from '../facts/retry.facts.js';
import { bodiesAround, type Graph, type GraphNode } from '../graph/graph.js';
import { itemIndexOf, ownerOfItemRun } from '../graph/item-run.js';
import { nodeKey, outerIteration } from '../graph/iteration.js';
import type { NodeProgress } from '../graph/node-kind.js';
import { injectedAt } from '../injections.js';
import { kindOf } from '../kinds/index.js';
import { emptyState, isBelow, type NodeState, type RunState } from '../run-state.js';
import { escalationChain, tasksFacts } from './escalation-chain.js';
import { attemptOf, complete, endAttempt, endStep, FACT_READERS, resume } from './fact-readers.js';
import { moveSteps } from './moved-steps.js';
import type { TimelineStep } from './timeline-step.js';

export interface TimelineOptions {
  /** In order, from the first. */
  readonly facts: readonly Fact[];
  /** Of the run's own version; without it kinds and control nodes are not known. */
  readonly graph: Graph | undefined;
  /** Of the run row: whether a worker is advancing the run now. */
  readonly status: RunStatus;
  /** Milliseconds since 1970; decides which timers are due. */
  readonly now: number;
}

export function timeline({ facts, graph, status, now }: TimelineOptions): TimelineStep[] {
  const steps = new Map<string, TimelineStep>();
  const reach = (path: string, iteration: string): TimelineStep => {
    const key = nodeKey(path, iteration);
    let step = steps.get(key);
    if (!step) {
      const node = graph?.byPath.get(path);
      if (node) for (const owner of ownersOf(node)) reach(owner.path, outerIteration(iteration, owner.loops.length));
      step = newStep(key, path, iteration, node);
      steps.set(key, step);
    }
    return step;
  };

  let migrated: Fact | undefined;
  for (const fact of facts) {
    FACT_READERS.get(fact.type)?.(reach(fact.path, fact.iteration), fact);
    if (CLOSING.has(fact.type)) close(below(steps.values(), fact, graph), fact.at);
    if (TAKING_OVER.has(fact.type)) reopen(steps, fact);
    if (fact.type === 'run.migrated') close(moveSteps(steps, (migrated = fact), false, graph), fact.at);
    if (fact.type === 'migration.undone' && migrated) {
      moveSteps(steps, migrated, true, graph);
      for (const { path, iteration } of payloadOf<MigrationUndonePayload>(fact).reopened) steps.delete(nodeKey(path, iteration));
    }
  }
  const state = graph && foldable(facts);
  if (graph && state) {
    if (status === RunStatus.running) markRunning(graph, state, now, reach);
    // A loop that has paused goes on.
    for (const step of steps.values()) if (step.kind === 'loop' && step.dueAt !== null && step.dueAt <= now) resume(step);
    settleControlNodes([...steps.values()].reverse(), graph, state, steps);
    for (const step of steps.values()) {
      const own = state.nodes.get(step.path, step.iteration);
      step.output ??= own?.output ?? null;
      step.progress = (own && progressOf(graph, own)) ?? null;
      step.nodeId = injectedAt(graph, state, step)?.id ?? step.nodeId;
    }
  }
  // Not always the last fact: late results of closed attempts may follow.
  const end = facts.findLast((fact) => fact.type === 'run.ended');
  if (end) close(steps.values(), end.at);
  if (graph) addEscalations(steps.values(), graph, facts);
  return [...steps.values()].filter(isShown);
}

function addEscalations(steps: Iterable<TimelineStep>, graph: Graph, facts: readonly Fact[]): void {
  const tasks = tasksFacts(facts);
  for (const step of steps) {
    const node = graph.byPath.get(step.path);
    const plans = (node && kindOf(node).escalations?.(node.definition)) ?? [];
    if (plans.length > 0) step.escalations = escalationChain(step, plans, tasks);
  }
}

/** Nobody looks through all runs of a long list: the first ones are shown, and of the others those that live or have failed. */
const ITEMS_SHOWN = 200;

function isShown({ path, iteration, status }: TimelineStep): boolean {
  return status !== AttemptStatus.completed || ownerOfItemRun(path) === undefined || itemIndexOf(iteration) < ITEMS_SHOWN;
}

function progressOf(graph: Graph, state: NodeState): NodeProgress | undefined {
  const node = graph.byPath.get(state.path);
  return node && kindOf(node).progress?.(state);
}

/** Facts with which a run begins that has taken over what stands before. */
const TAKING_OVER: ReadonlySet<string> = new Set(['retry.started', 'fork.started']);

/** Facts with which what is open below their node is closed. */
const CLOSING: ReadonlySet<string> = new Set(['branches.canceled', 'race.won', 'task.completed', 'ending.began']);

/** The control nodes around a node, outermost first. */
function ownersOf(node: GraphNode): GraphNode[] {
  return [...bodiesAround(node)].flatMap((body) => body.owner ?? []).reverse();
}

function newStep(key: string, path: string, iteration: string, node: GraphNode | undefined): TimelineStep {
  return {
    ...{ key, path, iteration, nodeId: node?.id ?? path.split('/').at(-1) ?? path, kind: node?.definition.kind ?? 'node' },
    ...{
      status: AttemptStatus.running,
      startedAt: null,
      endedAt: null,
      output: null,
      waitReason: null,
      dueAt: null,
      taskId: null,
      childRunId: null,
      progress: null,
      escalations: [],
      isTakenOver: false,
      error: null,
      substitute: null,
      attempts: [],
    },
  };
}

/** A journal of a newer build cannot be folded; what its facts say for themselves is shown all the same. */
function foldable(facts: readonly Fact[]): RunState | undefined {
  try {
    return fold(facts, emptyState({ keepsAll: true }));
  } catch {
    return undefined;
  }
}

function markRunning(graph: Graph, state: RunState, now: number, reach: (path: string, iteration: string) => TimelineStep): void {
  for (const action of decide(graph, state, now).actions) {
    if (action.type !== 'execute') continue;
    const step = reach(action.node.path, action.iteration);
    resume(step);
    if (!action.standIn) attemptOf(step, action.attempt, null).status = AttemptStatus.running;
  }
}

/** @param innermostFirst so that the nodes inside a control node are settled before it */
function settleControlNodes(
  innermostFirst: readonly TimelineStep[],
  graph: Graph,
  state: RunState,
  steps: ReadonlyMap<string, TimelineStep>,
): void {
  for (const step of innermostFirst) {
    const node = graph.byPath.get(step.path);
    // A fact has said how it ended.
    if (!node || node.bodies.length === 0 || step.endedAt !== null) continue;
    const depth = node.loops.length;
    const isInside = (one: TimelineStep) =>
      node.bodies.some((body) => one.path.startsWith(`${body.path}/`)) && outerIteration(one.iteration, depth) === step.iteration;
    const inside = [...steps.values()].filter(isInside);
    for (const { startedAt } of inside)
      if (startedAt !== null && (step.startedAt === null || startedAt < step.startedAt)) step.startedAt = startedAt;
    const lastEnd = Math.max(step.startedAt ?? 0, ...inside.map((one) => one.endedAt ?? 0));
    const outcome = outcomeOf(node, step.iteration, state);
    step.isTakenOver = outcome.status === 'completed' && inside.length > 0 && inside.every((one) => one.isTakenOver);
    if (outcome.status === 'completed') complete(step, outcome.output ?? null, lastEnd);
    else if (outcome.status === 'failed') {
      endStep(step, AttemptStatus.failed, lastEnd);
      step.error = outcome.fault;
    } else if (isCanceled(node, step.iteration, state) && !inside.some(isOpen)) endStep(step, AttemptStatus.canceled, lastEnd);
    else step.status = inside.some((one) => one.status === AttemptStatus.running) ? AttemptStatus.running : AttemptStatus.waiting;
  }
}

/** The nodes that a cancel of this one reaches, but for control nodes, which end with what is in them. */
function below(steps: Iterable<TimelineStep>, { path, iteration }: Fact, graph: Graph | undefined): TimelineStep[] {
  const isReached = (step: TimelineStep) => {
    const node = graph?.byPath.get(step.path);
    if (node && node.bodies.length > 0) return false;
    for (const body of node ? bodiesAround(node) : []) {
      if (body.owner?.path === path) return true;
      if (body.isShielded) return false;
    }
    return true;
  };
  return [...steps].filter((step) => isBelow(step, path, iteration) && isReached(step));
}

/** What begins anew is not shown as it was, but for control nodes, which stand before what they hold, and what an emitter has emitted. */
function reopen(steps: Map<string, TimelineStep>, fact: Fact): void {
  const { reopened, effects = [] } = payloadOf<RetryStartedPayload>(fact);
  const stands = new Set(effects.map(({ path, iteration }) => nodeKey(path, iteration)));
  for (const { path, iteration } of reopened) {
    const key = nodeKey(path, iteration);
    const step = steps.get(key);
    if (!step || (stands.has(key) && step.endedAt !== null)) continue;
    const holds = [...steps.values()].some((one) => one.path.startsWith(`${path}/`) && one.kind !== 'compensation');
    if (holds || (step.kind === 'emit-records' && step.output !== null))
      Object.assign(step, { status: AttemptStatus.running, endedAt: null, error: null, waitReason: null, dueAt: null });
    else steps.delete(key);
  }
  for (const { path, iteration, output } of payloadOf<Partial<ForkStartedPayload>>(fact).outputs ?? []) {
    const step = steps.get(nodeKey(path, iteration));
    if (step) step.output = output;
  }
  for (const step of steps.values()) step.isTakenOver = step.endedAt !== null;
}

/** Nobody needs them any more: the run has ended, or another branch has failed. */
function close(steps: Iterable<TimelineStep>, at: number): void {
  for (const step of steps) {
    if (isOpen(step)) endStep(step, AttemptStatus.canceled, at);
    for (const attempt of step.attempts) if (isOpen(attempt)) endAttempt(attempt, AttemptStatus.canceled, at);
  }
}

function isOpen({ status }: { readonly status: AttemptStatus }): boolean {
  return status === AttemptStatus.running || status === AttemptStatus.waiting;
}
