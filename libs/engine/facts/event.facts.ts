/** What runs hear: waits for events, and the events that came. */
import type { Json } from '@stepwell/contracts';
import { type Arrival, nodeOf } from '../run-state.js';
import { type FactType, payloadOf } from './fact.js';

export interface EventWaitStartedPayload {
  readonly waitId: string;
  readonly event: string;
  readonly match: Readonly<Record<string, Json>>;
  /** Milliseconds since 1970. */
  readonly dueAt: number | null;
}

export const eventWaitStarted: FactType = {
  type: 'event-wait.started',
  version: 1,
  apply: (state, fact) => {
    const { waitId, dueAt } = payloadOf<EventWaitStartedPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'listening');
    node.waitId = waitId;
    node.arrivals = [];
    node.dueAt = dueAt ?? undefined;
  },
};

/** An event that fits has come for a wait; whether it is taken is the next fact. */
export const eventArrived: FactType = {
  type: 'event.arrived',
  version: 1,
  apply: (state, fact) => {
    nodeOf(state, fact.path, fact.iteration, 'listening').arrivals?.push(payloadOf<Arrival>(fact));
  },
};

/** The wait has taken it; no other wait of this run takes the same one. */
export const eventConsumed: FactType = {
  type: 'event.consumed',
  version: 1,
  apply: (state, fact) => {
    const { eventId } = payloadOf<{ eventId: string }>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'completed');
    const event = node.arrivals?.find(({ id }) => id === eventId);
    state.consumedEvents.set(eventId, true);
    Object.assign(node, { phase: 'completed', output: { timedOut: false, event: { ...event } }, arrivals: undefined, dueAt: undefined });
  },
};

/** The author's predicate has declined it. */
export const eventDeclined: FactType = {
  type: 'event.declined',
  version: 1,
  apply: (state, fact) => {
    const { eventId } = payloadOf<{ eventId: string }>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'listening');
    node.arrivals = node.arrivals?.filter(({ id }) => id !== eventId);
  },
};

export const eventWaitTimedOut: FactType = {
  type: 'event-wait.timed-out',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'completed');
    Object.assign(node, { phase: 'completed', output: { timedOut: true, event: null }, arrivals: undefined, dueAt: undefined });
  },
};

/** The run listens for an event that cancels it. */
export const cancelOnStarted: FactType = {
  type: 'cancel-on.started',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'listening');
    node.waitId = payloadOf<{ waitId: string }>(fact).waitId;
    node.cancelsOn = payloadOf<{ event: string }>(fact).event;
  },
};
