import { findNonJson, type Json } from '@stepwell/contracts';
import type { EmitNode } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';

/** Appends an event in the commit of the step before it. */
export const emitKind: NodeKind<EmitNode> = {
  kind: 'emit',
  label: (definition) => definition.event,
  emits: (definition) => definition.event,

  advance: (node, iteration, decision, state) => {
    return state ? { status: 'completed', output: state.output } : decision.evaluate(node, iteration, 'emit');
  },

  evaluate: async (node, iteration, _purpose, { read, newId }) => {
    const { event, payload, idempotencyKey } = node.definition;
    const value = (payload(read) ?? null) as Json;
    const bad = findNonJson(value);
    if (bad) throw new Error(`The payload of event "${event}" is not JSON: at ${bad.path}, ${bad.reason}.`);
    const key = idempotencyKey?.(read) ?? null;
    const badKey = key !== null && findNonJson(key);
    if (badKey) throw new Error(`The idempotency key of event "${event}" cannot be kept: ${badKey.reason}.`);
    const id = newId();
    return [
      {
        type: 'event.emitted',
        path: node.path,
        iteration,
        attempt: 1,
        payload: { eventId: id, name: event },
        effects: { emitEvents: [{ id, name: event, payload: value, idempotencyKey: key, path: node.path }] },
      },
    ];
  },
};
