/**
 * The state of a run: a pure fold over its facts. It lives in the memory of the activation that holds the lease and nowhere else.
 */
import type { Actor, Json, RunStatus } from '@stepwell/contracts';
import type { StepFault } from './facts/step-fault.js';
import { nodeKey, outerIteration } from './graph/iteration.js';
import { ByIteration } from './by-iteration.js';
import type { InjectedSequence } from './injected-nodes.js';
import { LazyMap } from './lazy-map.js';

/** How far one node is. A control node that neither chooses nor fails has no state: how it stands follows from its leaves. */
export type NodePhase =
  /** A step that was reached, before its first attempt. */
  | 'ready'
  | 'retrying'
  | 'suspended'
  | 'dispatched'
  | 'task-open'
  | 'waiting'
  /** A child run is awaited. */
  | 'child'
  /** A wait for an event; the router knows of it. */
  | 'listening'
  | 'emitting'
  /** Somebody has to look at it: see `facts/incident.facts.ts`. */
  | 'incident'
  /** An attempt with an effect outside was written down, and begins. */
  | 'begun'
  /** Whether the effect of the last attempt happened is not known. */
  | 'unknown'
  /** The time of a step is over, and the author's handler of that has the word. */
  | 'breached'
  /** A step whose condition said no. */
  | 'skipped'
  /** A control node has picked its branch. */
  | 'chosen'
  | 'completed'
  | 'failed'
  /** It stood in a branch that nobody needs any more. */
  | 'canceled';

export interface NodeState {
  phase: NodePhase;
  readonly path: string;
  readonly iteration: string;
  /** Of the attempt that is running, waiting, or was the last; counts from 1. */
  attempt: number;
  /** Attempts, or turns of a loop, that count no longer, because it was retried since. */
  spent?: number;
  /** How often the handler has suspended; with the attempt it tells one entry of the handler from the next. */
  suspensions: number;
  /** How often the attempt that has suspended last has done so. */
  suspendedIn?: { readonly attempt: number; readonly times: number };
  output?: Json | undefined;
  fault?: StepFault;
  /** When a timer of this node is due, milliseconds since 1970. */
  dueAt?: number | undefined;
  /** When the time of the step is over, milliseconds since 1970. */
  deadlineAt?: number | undefined;
  /** Of an effect outside that must not happen twice: an attempt is under way, its outcome is not known, or it has happened. */
  effect?: 'begun' | 'unknown' | 'made';
  /** The effect is of the run before this one, which retries or forks it: nothing has begun here. */
  isOfBefore?: true | undefined;
  /** How often the author's `verify` was asked about it in vain, and whether it is asked no more. */
  checks?: number;
  isUnverifiable?: boolean;
  /** Its idempotency key, that of its cached output, and how often another run had the former. */
  key?: string;
  cacheKey?: string;
  holds?: number;
  /** What was to stand in for its output has failed too. */
  hasStandInFailed?: boolean;
  asyncResultId?: string | undefined;
  taskId?: string;
  /** How many steps of its escalation the task has had. */
  escalated?: number;
  dispatchId?: string;
  /** Which arm an if took: its index, or -1 for none. */
  choice?: number;
  /** The branch of that name; a split may have taken a variant that has none. */
  taken?: string;
  waitId?: string;
  childId?: string;
  /** Events that came for the wait and were not considered yet, oldest first. */
  arrivals?: Arrival[] | undefined;
  /** The event that cancels the run, at a node that listens for it. */
  cancelsOn?: string;
  /** What a for-each goes over. */
  items?: readonly Json[];
  /** What a for-each that starts runs goes over. */
  counts?: ItemCounts;
  /** How many turns of a loop are done, and what ended it. */
  turns?: number;
  ending?: string;
  /** The steps in a loop that have an undo, by path. */
  undoable?: readonly string[];
  /** Turns that it has left are kept. */
  keepsTurns?: true;
  /** How many batches an emitter has committed. */
  batches?: number;
  /** How many of the nodes injected at a point have begun, and that the run has gone on behind it. */
  reached?: number;
  isPassed?: true;
  /** The branch that has won a race. */
  winner?: string;
  /** With which fact it completed, failed or was skipped, the last time. */
  endedSeq?: number | undefined;
  /** In an incident: a person may say that it is dealt with. */
  mayBeSkipped?: true;
  /** What a try has handed to its catch. */
  caught?: StepFault;
  /** It has failed by itself, and is asked no more. */
  isBroken?: true;
  /** The input with which an attempt began that is still under way, where the run's was updated since. */
  beganWith?: Json;
}

/** How the items of a for-each stand that starts a run for each: only what is not done is kept. */
export interface ItemCounts {
  /** How many the pages so far have had. */
  listed: number;
  /** Where the next page begins; null when all are listed. */
  next: Json;
  readonly keepsFailed: boolean;
  /** Those that are not done, by index, whether their run has begun or not. */
  readonly open: Map<number, Json>;
  /** How many of them have a run that lives. */
  living: number;
  completed: number;
  failed: number;
  /** Those that have failed, where they are kept, by index: the first to fail first. */
  readonly failures: Map<number, Json>;
}

/** An event as it was delivered. */
export interface Arrival {
  readonly id: string;
  readonly name: string;
  readonly payload: Json;
  /** ISO 8601. */
  readonly emittedAt: string;
  readonly idempotencyKey: string | null;
  readonly runId: string | null;
}

export interface HeardSignal {
  /** Of the fact by which it came. */
  readonly seq: number;
  readonly payload: Json;
  readonly by: Actor | null;
}

/** A result from outside, kept also when it comes before anybody waits for it. */
export type AsyncResult = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly reason: string };

export type Ending =
  { readonly status: 'failed'; readonly fault: StepFault } | { readonly status: 'canceled'; readonly reason: string | null };

/** A step that has come to its output, while it is not settled whether the run goes on behind it. */
export interface Hold {
  /** Of the fact of the output. */
  readonly seq: number;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  /** When the attempt began, and when it had its output: milliseconds since 1970. */
  readonly startedAt: number;
  readonly at: number;
  /** The run stands here until the checkpoint behind it is run; else nobody was asked yet. */
  isStopped?: true;
}

export interface Shield {
  readonly path: string;
  readonly iteration: string;
  /** The branch. */
  readonly segment: string;
}

export interface Undoing {
  readonly path: string;
  readonly iteration: string;
  readonly segments: readonly string[];
}

export interface RunState {
  status: RunStatus;
  lastSeq: number;
  input: Json;
  /** The session that it belongs to. */
  session?: string;
  output: Json | undefined;
  /** Why the run has failed, or must. */
  fault: StepFault | undefined;
  cancel: { readonly reason: string | null; readonly isForced?: true } | undefined;
  /** Nothing of it begins until it is resumed. */
  isPaused: boolean;
  /** How the run ends when what has to be done before is done. */
  ending: Ending | undefined;
  /** Outputs behind which it is held, by the numbers of their facts, oldest first. */
  readonly holds: LazyMap<number, Hold>;
  /** Nodes that were entered and have a branch that no cancel from outside of them reaches. */
  readonly shields: LazyMap<string, Shield>;
  /** Nodes that have begun to undo what was done in some of their branches. */
  readonly undoing: LazyMap<string, Undoing>;
  readonly nodes: ByIteration<NodeState>;
  /** Turns that their loops have left, but that an undo may have to read: nobody else does. */
  readonly kept: ByIteration<NodeState>;
  readonly asyncResults: LazyMap<string, AsyncResult>;
  /** The payload of the last signal of each name. */
  readonly signals: LazyMap<string, Json>;
  /** Signals that no wait has taken yet, by name, oldest first. */
  readonly unheard: LazyMap<string, HeardSignal[]>;
  /** What steps have saved on their way, by node and iteration, while they have no output. */
  readonly saved: ByIteration<Json>;
  /** What was injected at each inject point, how many nodes in all, and the keys that it was said with from outside. */
  readonly injected: ByIteration<InjectedSequence>;
  injectedCount: number;
  readonly injectionKeys: LazyMap<string, true>;
  /** Events that a wait of this run has taken, by id. */
  readonly consumedEvents: LazyMap<string, true>;
  /** How often a step was undone and begun anew since, by its key. */
  readonly undone: LazyMap<string, number>;
  /** In a fork: with which fact it began to be a run of its own. What had completed before is the other run's to undo. */
  ownSince: number;
  /** A memo, not a fact: how far each body is known to be done, so that a long sequence is not walked again from its start. */
  readonly progress: ByIteration<Memo>;
  /** For those who read a whole run: no turn of a loop is forgotten. */
  readonly keepsAll: boolean;
  /** What a migration has moved, as it was, while no other fact has come: then it can be undone. */
  beforeMigration: Placed | undefined;
}

/** What is kept of places in the graph. */
export interface Placed {
  readonly nodes: readonly NodeState[];
  readonly kept: readonly NodeState[];
  readonly shields: readonly Shield[];
  /** By key. */
  readonly saved: readonly (readonly [string, Json])[];
  readonly injected: readonly (readonly [string, InjectedSequence])[];
  readonly undone: readonly (readonly [string, number])[];
}

export interface Memo {
  index: number;
  output: Json | undefined;
}

export function emptyState({ keepsAll = false } = {}): RunState {
  return {
    status: 'queued',
    lastSeq: 0,
    input: null,
    output: undefined,
    fault: undefined,
    cancel: undefined,
    isPaused: false,
    ending: undefined,
    holds: new LazyMap(),
    shields: new LazyMap(),
    undoing: new LazyMap(),
    nodes: new ByIteration(),
    kept: new ByIteration(),
    asyncResults: new LazyMap(),
    signals: new LazyMap(),
    unheard: new LazyMap(),
    saved: new ByIteration(),
    injected: new ByIteration(),
    injectedCount: 0,
    injectionKeys: new LazyMap(),
    beforeMigration: undefined,
    consumedEvents: new LazyMap(),
    undone: new LazyMap(),
    ownSince: 0,
    progress: new ByIteration(),
    keepsAll,
  };
}

/** The state of a node for a fact, made when it is the node's first. */
export function nodeOf(state: RunState, path: string, iteration: string, phase: NodePhase): NodeState {
  let node = state.nodes.get(path, iteration);
  if (!node) {
    node = { phase, path, iteration, attempt: 1, suspensions: 0, output: undefined, dueAt: undefined, endedSeq: undefined };
    state.nodes.set(path, iteration, node);
  }
  return node;
}

/**
 * Lets go of an iteration of what is below a path: nobody reads it any more.
 *
 * @param isKept an undo may still have to read it
 */
export function forget(state: RunState, below: string, iteration: string, isKept = false): void {
  if (state.keepsAll) return;
  // It is soon read again.
  const isUndone = [...state.undoing.values()].some((one) => isBelow({ path: below, iteration }, one.path, one.iteration));
  if (isKept && (state.ending || isUndone)) return;
  state.progress.take(below, iteration);
  state.saved.take(below, iteration);
  if (!isKept) state.injected.take(below, iteration);
  for (const node of state.nodes.take(below, iteration)) {
    if (node.asyncResultId !== undefined) state.asyncResults.delete(node.asyncResultId);
    if (isKept) state.kept.set(node.path, node.iteration, node);
    state.shields.delete(nodeKey(node.path, node.iteration));
    state.undoing.delete(nodeKey(node.path, node.iteration));
  }
}

/** From now on what was done in these branches of a node is undone. */
export function beginUndoing(
  state: RunState,
  { path, iteration }: { readonly path: string; readonly iteration: string },
  segments: readonly string[],
): void {
  recall(state, path, iteration);
  state.undoing.set(nodeKey(path, iteration), { path, iteration, segments });
}

/** Something is to be undone: what was kept for that below a path is read again, as if no loop had left it. */
export function recall(state: RunState, path: string, iteration: string): void {
  for (const node of [...state.kept.values()]) {
    if (!isBelow(node, path, iteration)) continue;
    state.kept.delete(node.path, node.iteration);
    state.nodes.set(node.path, node.iteration, node);
  }
}

/** Which try of its policy an attempt is: its number, less those before a person had it retried. */
export function triesOf(
  state: RunState,
  { path, iteration, attempt }: { readonly path: string; readonly iteration: string; readonly attempt: number },
): number {
  return attempt - (state.nodes.get(path, iteration)?.spent ?? 0);
}

/** The nodes below a path, in this iteration or deeper ones, that have neither ended nor chosen, and that a cancel of it reaches. */
export function openBelow(state: RunState, path: string, iteration: string): NodeState[] {
  return openNodes(state).filter((node) => isBelow(node, path, iteration) && !isShielded(state, node, path) && !isUndo(state, node));
}

/** What undoes a step is canceled by nothing. */
function isUndo({ nodes }: RunState, { path, iteration }: NodeState): boolean {
  const step = path.endsWith('/undo') ? path.slice(0, -'/undo'.length) : undefined;
  return step !== undefined && nodes.get(step, iteration)?.phase === 'completed';
}

/** @param path '' for the run itself */
export function isBelow(node: { readonly path: string; readonly iteration: string }, path: string, iteration: string): boolean {
  return (path === '' || node.path.startsWith(`${path}/`)) && (iteration === '' || `${node.iteration}.`.startsWith(`${iteration}.`));
}

/** True when a node between the path and this one keeps a cancel of the path away from it. */
export function isShielded({ shields }: RunState, node: { readonly path: string; readonly iteration: string }, path: string): boolean {
  if (shields.size === 0) return false;
  for (let end = node.path.lastIndexOf('/'); end > path.length; end = node.path.lastIndexOf('/', end - 1)) {
    const owner = node.path.slice(0, end);
    for (let depth = 0; depth <= node.iteration.split('.').length; depth++) {
      const shield = shields.get(nodeKey(owner, outerIteration(node.iteration, depth)));
      if (shield && node.path.startsWith(`${owner}/${shield.segment}/`)) return true;
    }
  }
  return false;
}

/** The nodes that have a state and have neither ended nor chosen. */
export function openNodes(state: RunState): NodeState[] {
  return [...state.nodes.values()].filter((node) => !ENDED.has(node.phase));
}

/** It has come to something of its own. */
export function hasSettled({ phase }: NodeState): boolean {
  return phase === 'completed' || phase === 'failed' || phase === 'skipped';
}

const ENDED: ReadonlySet<NodePhase> = new Set<NodePhase>(['chosen', 'completed', 'skipped', 'failed', 'canceled']);

/** The id of the row that a node has open beside the journal: its task, its dispatch, its wait for an event. */
export function openRowOf({ phase, taskId, dispatchId, waitId }: NodeState): string | undefined {
  if (phase === 'task-open') return taskId;
  if (phase === 'dispatched') return dispatchId;
  return phase === 'listening' ? waitId : undefined;
}
