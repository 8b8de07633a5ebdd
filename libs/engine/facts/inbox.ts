/**
 * Inbox messages and the facts they become. A message that no longer matters becomes `message.ignored`, so that every message leaves a
 * trace in the journal. A new kind of message is an entry in `READERS`.
 */
import type { Json } from '@stepwell/contracts';
import { type Arrival, type NodePhase, type NodeState, openBelow, openRowOf, type RunState } from '../run-state.js';
import { ownerOfItemRun } from '../graph/item-run.js';
import { asItFits } from '../as-it-fits.js';
import { whyNotInjected } from '../injections.js';
import { taskExpired } from './escalation.facts.js';
import type { FactDraft } from './fact.js';
import { type IncidentOpenedPayload, openIncident } from './incident.facts.js';
import type { NodesInjectedPayload } from './inject.facts.js';
import { nodeFailed } from './node.facts.js';
import type { StepFault } from './step-fault.js';

export interface InboxRow {
  readonly id: string;
  readonly kind: string;
  readonly payload: Json;
  /** It is not to be read before: its sender may still take it back. */
  readonly held?: { /** Milliseconds since 1970, by the store's clock. */ readonly until: number; readonly forMs: number };
}

/** The facts of one message, given the state with all earlier messages applied. */
export function factsOfMessage(state: RunState, message: InboxRow): readonly FactDraft[] {
  const read = READERS[message.kind];
  return read?.(state, (message.payload ?? {}) as Payload) ?? [ignored(message)];
}

type Payload = Readonly<Record<string, Json | undefined>>;

/** Gives the facts, or `undefined` when the message does not matter any more. */
type Reader = (state: RunState, payload: Payload) => readonly FactDraft[] | undefined;

const AT_RUN = { path: '', iteration: '', attempt: 0 } as const;

const cancel: Reader = (_state, { reason = null, by = null, taskId = null, isForced = false }) => [
  { type: 'cancel.requested', ...AT_RUN, payload: { reason, by, taskId, ...(isForced ? { isForced } : {}) } },
];

const READERS: Readonly<Record<string, Reader>> = {
  'cancel.requested': cancel,
  'task.canceled': cancel,

  'pause.requested': ({ isPaused, cancel: isCanceling }, { reason = null, by = null }) =>
    isPaused || isCanceling ? undefined : [{ type: 'run.paused', ...AT_RUN, payload: { reason, by } }],

  'resume.requested': ({ isPaused }, { reason = null, by = null }) =>
    isPaused ? [{ type: 'run.resumed', ...AT_RUN, payload: { reason, by } }] : undefined,

  'signal.received': (_state, { name = null, payload = null, by = null }) => [
    { type: 'signal.received', ...AT_RUN, payload: { name, payload, by } },
  ],

  /** Checked when it was sent; a fork or an older process may have given the run an input without fields since. */
  'context.updated': ({ input }, { patch = null, reason = null, by = null }) =>
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? [{ type: 'context.updated', ...AT_RUN, payload: { patch, reason, by } }]
      : undefined,

  'run.carried': ({ cancel: isCanceling }, payload) =>
    isCanceling ? undefined : [{ type: 'run.carried', ...AT_RUN, payload: payload as Json }],

  /** A checkpoint behind which the run was held when this was sent was run. */
  'stop.lifted': ({ cancel: isCanceling }, payload) =>
    isCanceling ? undefined : [{ type: 'stop.lifted', ...AT_RUN, payload: payload as Json }],

  'task.completed': (state, { taskId = null, answer = null, by = null }) => {
    const node = find(state, (one) => one.phase === 'task-open' && one.taskId === taskId);
    if (!node) return undefined;
    const { path, iteration, dueAt } = node;
    const rows = dueAt === undefined ? [] : openBelow(state, path, iteration).flatMap((inner) => openRowOf(inner) ?? []);
    const effects = rows.length > 0 ? { effects: { cancel: rows } } : {};
    return [{ type: 'task.completed', path, iteration, attempt: 1, payload: { taskId, answer, by }, ...effects }];
  },

  'task.expired': (state, { taskId = null, reason = null, fault = null }) => {
    const node = find(state, (one) => one.phase === 'task-open' && one.taskId === taskId);
    return node && [nodeFailed(node.path, node.iteration, (fault as StepFault | null) ?? taskExpired(reason as string))];
  },

  'async-result.settled': (state, payload) =>
    state.asyncResults.has(payload['id'] as string) ? undefined : [{ type: 'async-result.settled', ...AT_RUN, payload: payload as Json }],

  'event.arrived': (state, { waitId, event }) => {
    const node = find(state, (one) => one.phase === 'listening' && one.waitId === waitId);
    if (!node) return undefined;
    const { id: eventId, name } = event as unknown as Arrival;
    if (node.cancelsOn === undefined)
      return [{ type: 'event.arrived', path: node.path, iteration: node.iteration, attempt: 1, payload: event as Json }];
    const payload = { reason: `Event "${name}" came.`, by: null, taskId: null, eventId };
    return [{ type: 'cancel.requested', ...AT_RUN, payload, effects: { settle: [{ waitId: waitId as string, eventId, as: 'canceled' }] } }];
  },

  'child.ended': (state, payload) => {
    const node = find(state, (one) => one.phase === 'child' && one.childId === payload['childId']);
    return node && [endOfChild(node, payload)];
  },

  /** Of several children, whose ends were in one commit. */
  'children.ended': (state, { ends }) => {
    const awaited = new Map<Json, NodeState>();
    for (const node of state.nodes.values()) if (node.phase === 'child') awaited.set(node.childId ?? null, node);
    return ((ends ?? []) as readonly Payload[]).map((end) => {
      const node = awaited.get(end['childId'] ?? null);
      return node ? endOfChild(node, end) : ignored({ kind: 'child.ended', payload: end as Json });
    });
  },

  /** The worker of the other queue sends the facts as it would have written them itself. */
  'dispatch.ended': (state, { dispatchId, facts }) =>
    find(state, (one) => one.phase === 'dispatched' && one.dispatchId === dispatchId) &&
    ((facts ?? []) as unknown as FactDraft[]).map((fact) => asItFits(state, fact)),

  /** Checked when it was sent; the run may have come further since. */
  'nodes.injected': (state, payload) => {
    const { key, by, ...injection } = payload as unknown as NodesInjectedPayload;
    if (key !== null && state.injectionKeys.has(key)) return undefined;
    const refusal = whyNotInjected(state, injection, null);
    if (!refusal) return [{ type: 'nodes.injected', ...AT_RUN, payload: payload as Json }];
    return [{ type: 'injection.refused', ...AT_RUN, payload: { key, by: by as Json, code: refusal.code, message: refusal.message } }];
  },

  /** A step of another queue has come so far. */
  'checkpoint.saved': (state, { dispatchId, path, iteration, attempt, value = null }) =>
    find(state, (one) => one.phase === 'dispatched' && one.dispatchId === dispatchId) && [
      { type: 'checkpoint.saved', path: path as string, iteration: iteration as string, attempt: attempt as number, payload: { value } },
    ],

  /** Whoever watches over workers has found that the attempts of a step end the process they run in. */
  'incident.opened': (state, { path, iteration, attempt, standIn, cause, fault }) => {
    const node = state.nodes.get(path as string, iteration as string);
    const draft = { path: path as string, iteration: iteration as string, attempt: attempt as number };
    // null: it is about the handler, and too late. Older processes do not say which it was.
    if (node && STANDING_IN.has(node.phase) && !node.hasStandInFailed) return standIn === null ? undefined : [standInEnded(node, fault)];
    if (node && (node.attempt > draft.attempt || SETTLED.has(node.phase))) return undefined;
    const isUncertain = node?.effect !== undefined;
    const opened = openIncident(draft, { cause: isUncertain ? 'outcome-unknown' : cause, fault } as unknown as IncidentOpenedPayload);
    // Nobody is to take it from the other queue again.
    return [node?.phase === 'dispatched' && node.dispatchId !== undefined ? { ...opened, effects: { cancel: [node.dispatchId] } } : opened];
  },

  /** Each incident is named with its attempt: of two people who retry the same one, the second finds it gone. */
  'incident.retried': (state, { incidents, by = null, reason = null }) => {
    const facts = (incidents as unknown as readonly IncidentRef[]).flatMap(({ path, iteration, attempt }) => {
      const node = state.nodes.get(path, iteration);
      // Nothing is tried again whose last attempt may have had its effect: see `incident.resolved`.
      if (node?.phase !== 'incident' || node.attempt !== attempt || node.effect !== undefined) return [];
      return [{ type: 'incident.retried', path, iteration, attempt, payload: { by, reason } }];
    });
    return facts.length > 0 ? facts : undefined;
  },

  /** A person has found out what became of an effect, or has dealt with what an undo could not. */
  'incident.resolved': (state, { path, iteration, attempt, happened, output = null, by = null, reason = null }) => {
    const at = { path: path as string, iteration: iteration as string, attempt: attempt as number };
    const node = state.nodes.get(at.path, at.iteration);
    if (node?.phase !== 'incident' || node.attempt !== at.attempt || (node.effect === undefined && !node.mayBeSkipped)) return undefined;
    if (happened !== true) return [{ type: 'incident.retried', ...at, payload: { by, reason } }];
    return [{ type: 'incident.resolved', ...at, payload: { output, by, reason } }];
  },

  /** What is no attempt has nothing to retry: it fails the run, as if it had thrown. */
  'evaluation.crashed': (_state, { path, iteration, fault = null }) => [
    { type: 'evaluation.failed', path: path as string, iteration: iteration as string, attempt: 0, payload: { fault } },
  ],

  'attempt.discarded': (_state, { path, iteration, attempt, reason = null }) => [
    { type: 'attempt.discarded', path: path as string, iteration: iteration as string, attempt: attempt as number, payload: { reason } },
  ],
};

function endOfChild({ path, iteration }: NodeState, { output, ...rest }: Payload): FactDraft {
  const isKept = output !== undefined && ownerOfItemRun(path) === undefined;
  return { type: 'child.ended', path, iteration, attempt: 1, payload: { ...rest, ...(isKept ? { output } : {}) } };
}

/** Phases in which what stands in for the step may run: when that ends the process, it has failed. */
const STANDING_IN: ReadonlySet<NodePhase> = new Set<NodePhase>(['breached', 'failed']);

function standInEnded({ path, iteration, attempt, phase }: NodeState, fault: Json | undefined): FactDraft {
  const payload = { standIn: phase === 'breached' ? 'breach' : 'failure', fault: fault ?? null, startedAt: 0 };
  return { type: 'stand-in.failed', path, iteration, attempt, payload };
}

/** Phases in which nothing runs that an incident could be about. */
const SETTLED: ReadonlySet<NodePhase> = new Set<NodePhase>(['completed', 'skipped', 'failed', 'canceled', 'incident']);

/** An incident as others name it. */
export interface IncidentRef {
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
}

function find(state: RunState, matches: (node: NodeState) => boolean): NodeState | undefined {
  for (const node of state.nodes.values()) if (matches(node)) return node;
  return undefined;
}

/** It came too late to matter. */
export function ignored(message: Pick<InboxRow, 'kind' | 'payload'>): FactDraft {
  return { type: 'message.ignored', ...AT_RUN, payload: { kind: message.kind, message: message.payload } };
}
