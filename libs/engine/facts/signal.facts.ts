import type { Actor, Json } from '@stepwell/contracts';
import { type HeardSignal, nodeOf, type RunState } from '../run-state.js';
import { type FactType, payloadOf } from './fact.js';

/** Somebody has said something to the run that its workflow takes; the last one of a name is read, and each is there for one wait. */
export const signalReceived: FactType = {
  type: 'signal.received',
  version: 1,
  apply: (state, fact) => {
    const { name, payload, by } = payloadOf<{ name: string; payload: Json; by: Actor | null }>(fact);
    state.signals.set(name, payload);
    const unheard = state.unheard.get(name);
    if (unheard) unheard.push({ seq: fact.seq, payload, by });
    else state.unheard.set(name, [{ seq: fact.seq, payload, by }]);
  },
};

export const signalWaitStarted: FactType = {
  type: 'signal-wait.started',
  version: 1,
  apply: (state, fact) => {
    nodeOf(state, fact.path, fact.iteration, 'waiting').dueAt = payloadOf<{ dueAt: number | null }>(fact).dueAt ?? undefined;
  },
};

/** The wait has taken a signal; no other wait of the run will. */
export const signalHeard: FactType = {
  type: 'signal.heard',
  version: 1,
  apply: (state, fact) => {
    const { name, seq } = payloadOf<{ name: string; seq: number }>(fact);
    const heard = take(state, name, seq);
    complete(state, fact, { timedOut: false, payload: heard?.payload ?? null, by: (heard?.by ?? null) as Json });
  },
};

export const signalWaitTimedOut: FactType = {
  type: 'signal-wait.timed-out',
  version: 1,
  apply: (state, fact) => complete(state, fact, { timedOut: true, payload: null, by: null }),
};

function take({ unheard }: RunState, name: string, seq: number): HeardSignal | undefined {
  const all = unheard.get(name) ?? [];
  const rest = all.filter((one) => one.seq !== seq);
  if (rest.length > 0) unheard.set(name, rest);
  else unheard.delete(name);
  return all.find((one) => one.seq === seq);
}

function complete(state: RunState, { path, iteration }: { path: string; iteration: string }, output: Json): void {
  Object.assign(nodeOf(state, path, iteration, 'completed'), { phase: 'completed', output, dueAt: undefined });
}
