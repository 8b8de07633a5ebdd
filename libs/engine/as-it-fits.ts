import type { StepCompletedPayload } from './facts/attempt.facts.js';
import type { FactDraft } from './facts/fact.js';
import { whyNotInjected } from './injections.js';
import type { RunState } from './run-state.js';

/**
 * A fact as it is written. Between the check of what a step injects and its end the run may have come further: then the step has failed.
 *
 * @param fact as the handler has brought it about
 */
export function asItFits(state: RunState, fact: FactDraft): FactDraft {
  if (fact.type !== 'step.completed') return fact;
  const { injected, startedAt, substitute } = fact.payload as unknown as StepCompletedPayload;
  if (!injected) return fact;
  const { path, iteration, attempt } = fact;
  const refusals = injected.map((one, index) => whyNotInjected(state, one, { path, iteration }, injected.slice(0, index)));
  const refusal = refusals.find((one) => one !== undefined);
  if (!refusal) return fact;
  const ended = { fault: { code: refusal.code, message: refusal.message, retryable: false }, startedAt };
  const at = { path, iteration, attempt };
  return substitute === undefined
    ? { ...at, type: 'attempt.failed', payload: { ...ended, retryAt: null } }
    : { ...at, type: 'stand-in.failed', payload: { ...ended, standIn: substitute } };
}
