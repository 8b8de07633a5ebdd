/** When a run can do nothing but wait: for what, until when, and why somebody has to look at it; and how it ends. */
import { type Decision, type EndAction, type Intent, openRowOf, type RunState } from '@stepwell/engine';

/** When the first timer of a decision is due, milliseconds since 1970. */
export function earliest({ waits }: Decision): number | undefined {
  let dueFirst: number | undefined;
  for (const { dueAt } of waits) dueFirst = first(dueFirst, dueAt);
  return dueFirst;
}

export function first(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

export const CONTINUE: Intent = { kind: 'continue' };
const PAUSED: Intent = { kind: 'release', isPaused: true, reasons: [], dueAt: null, errorCode: null, errorMessage: null };

/** @param heldUntil when a message is to be read that is held, by the store's clock */
export function release(decision: Decision, state: RunState, heldUntil?: number): Intent {
  if (state.isPaused) return PAUSED;
  if (decision.waits.length === 0) throw new Error('It has nothing to do and nothing to wait for.');
  const reasons = [...new Set(decision.waits.map((wait) => wait.reason))];
  const incident = reasons.includes('incident') ? [...state.nodes.values()].find(({ phase }) => phase === 'incident') : undefined;
  const { code = null, message = null } = incident?.fault ?? {};
  const priorities = decision.waits.flatMap(({ priority }) => priority ?? []);
  const priority = priorities.length === 0 ? undefined : Math.max(...priorities);
  return {
    kind: 'release',
    reasons,
    dueAt: first(earliest(decision), heldUntil) ?? null,
    priority,
    errorCode: code,
    errorMessage: message,
  };
}

export function ending(end: EndAction, state: RunState): Intent {
  const { code = null, message = null } = end.status === 'failed' ? end.fault : {};
  return { kind: 'end', status: end.status, errorCode: code, errorMessage: message, closesRows: hasRows(state) };
}

function hasRows({ nodes }: RunState): boolean {
  for (const node of nodes.values()) if (openRowOf(node) !== undefined) return true;
  return false;
}
