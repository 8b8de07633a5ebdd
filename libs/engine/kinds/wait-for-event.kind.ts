import type { WaitForEventNode } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';
import type { Arrival, RunState } from '../run-state.js';
import { matchOf } from './match-of.js';

/**
 * Waits for an event. What it must fit is computed once and stored with the wait, which the router then finds; the event comes back
 * through the inbox. An event that came while an earlier run of the line waited for it counts. Its predicate is asked here, in the run's own activation, and its verdict is a fact.
 */
export const waitForEventKind: NodeKind<WaitForEventNode> = {
  kind: 'wait-for-event',
  label: (definition) => definition.event,
  listens: ({ event, external }) => ({ event, external }),
  options: ({ timeoutMs, since }) => ({
    timeoutMs,
    ...(typeof since === 'number' ? { sinceAt: since } : { since: since === 'start' ? null : since }),
  }),

  advance: (node, iteration, decision, state) => {
    if (!state) return decision.evaluate(node, iteration, 'listen');
    if (state.phase === 'completed') return { status: 'completed', output: state.output };
    if (arrivalFor(decision.state, state.arrivals)) return decision.evaluate(node, iteration, 'consider');
    if (state.dueAt !== undefined && state.dueAt <= decision.now) return decision.evaluate(node, iteration, 'time-out');
    return decision.wait('event', state.dueAt);
  },

  evaluate: async (node, iteration, purpose, { read, now, state, newId }) => {
    const at = { path: node.path, iteration, attempt: 1 };
    const { event, where, timeoutMs, since } = node.definition;
    if (purpose === 'listen') {
      const waitId = newId();
      const match = matchOf(node.definition.match?.(read), node.id);
      const payload = { waitId, event, match, dueAt: timeoutMs === null ? null : now + timeoutMs };
      return [
        {
          ...at,
          type: 'event-wait.started',
          payload,
          effects: { listen: { id: waitId, event, match, since: since === 'start' ? 'lineage' : since } },
        },
      ];
    }
    const own = state.nodes.get(node.path, iteration);
    const waitId = own?.waitId ?? '';
    if (purpose === 'time-out') return [{ ...at, type: 'event-wait.timed-out', payload: { waitId }, effects: { cancel: [waitId] } }];
    const arrival = arrivalFor(state, own?.arrivals);
    if (!arrival) return [];
    const { id: eventId } = arrival;
    const fits = where ? await where(arrival as never, read) : true;
    if (!fits) return [{ ...at, type: 'event.declined', payload: { eventId }, effects: { settle: [{ waitId, eventId, as: 'declined' }] } }];
    return [
      { ...at, type: 'event.consumed', payload: { eventId }, effects: { cancel: [waitId], settle: [{ waitId, eventId, as: 'woke' }] } },
    ];
  },
};

/** The oldest that this run has not taken elsewhere meanwhile. */
function arrivalFor(state: RunState, arrivals: readonly Arrival[] = []): Arrival | undefined {
  return arrivals.find(({ id }) => !state.consumedEvents.has(id));
}
