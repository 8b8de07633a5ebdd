import type { Json, RunStatus } from '@stepwell/contracts';
import type { EndAction } from '../actions.js';
import { type Ending, openBelow, recall } from '../run-state.js';
import { type FactDraft, type FactType, type MessageDraft, payloadOf } from './fact.js';
import type { StepFault } from './step-fault.js';

/** Seq 1 of every run; its payload is the validated input, and the session that it belongs to. */
export const runStarted: FactType = {
  type: 'run.started',
  version: 1,
  apply: (state, fact) => {
    state.status = 'running';
    const { input, session } = payloadOf<{ input: Json; session?: string }>(fact);
    state.input = input;
    if (session !== undefined) state.session = session;
  },
};

export const cancelRequested: FactType = {
  type: 'cancel.requested',
  version: 1,
  apply: (state, fact) => {
    const { reason, isForced } = payloadOf<{ reason: string | null; isForced?: true }>(fact);
    state.cancel ??= { reason };
    state.isPaused = false;
    if (isForced) state.cancel = { reason: state.cancel.reason, isForced };
  },
};

/** The run will end like this, and nothing of it begins any more but what has to be done before; what else was open is closed. */
export const endingBegan: FactType = {
  type: 'ending.began',
  version: 1,
  apply: (state, fact) => {
    state.ending = payloadOf<Ending>(fact);
    recall(state, '', '');
    for (const node of openBelow(state, '', '')) node.phase = 'canceled';
  },
};

/** The last fact of every run. */
export const runEnded: FactType = {
  type: 'run.ended',
  version: 1,
  apply: (state, fact) => {
    const payload = payloadOf<{ status: RunStatus; output?: Json; fault?: StepFault }>(fact);
    state.status = payload.status;
    state.output = payload.output;
    state.fault = payload.fault;
    state.ending = undefined;
  },
};

/**
 * The fact of an end; a run whose last node has no output ends with null.
 *
 * @param farewells what other runs are told of it
 */
export function endOfRun(end: EndAction, farewells: readonly MessageDraft[]): FactDraft {
  const fact: FactDraft = { type: 'run.ended', path: '', iteration: '', attempt: 0, payload: outcomeOf(end) };
  return farewells.length > 0 ? { ...fact, effects: { tell: farewells } } : fact;
}

function outcomeOf(end: EndAction): Json {
  switch (end.status) {
    case 'completed':
      return { status: end.status, output: end.output ?? null };
    case 'failed':
      return { status: end.status, fault: { ...end.fault } };
    case 'canceled':
      return { status: end.status };
  }
}

/** A message that came too late to matter (an answer to a task that was canceled, a second settlement): kept, not applied. */
export const messageIgnored: FactType = { type: 'message.ignored', version: 1, apply: () => undefined };
