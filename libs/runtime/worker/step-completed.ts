import type { Json } from '@stepwell/contracts';
import type { EventDraft, FactDraft, NodesToInject } from '@stepwell/engine';
import { asJson } from './as-json.js';
import type { Entry } from './entry.js';

/** Where a fact of an attempt belongs. */
export type At = Pick<FactDraft, 'path' | 'iteration' | 'attempt'>;

/**
 * The fact of an output, with the events the step emitted and the nodes it injected until now.
 *
 * @throws StepwellError SECRET_EXPOSED
 */
export function stepCompleted(
  at: At,
  entry: Entry,
  output: FactDraft['payload'],
  emitted: readonly EventDraft[],
  injected: readonly NodesToInject[] = [],
): FactDraft {
  const { startedAt, action, shield } = entry;
  shield.check(output, `The output of step "${action.node.id}"`);
  for (const event of emitted) shield.check([event.payload, event.idempotencyKey], `An event that step "${action.node.id}" emits`);
  const payload: Record<string, Json> = { output, startedAt };
  if (action.standIn) payload['substitute'] = action.standIn;
  if (injected.length > 0) payload['injected'] = asJson(injected);
  const { path, iteration, attempt } = at;
  const fact: FactDraft = { type: 'step.completed', path, iteration, attempt, payload };
  return emitted.length === 0 ? fact : { ...fact, effects: { emitEvents: [...emitted] } };
}
