import type { Json } from '@stepwell/contracts';
import type { FactDraft, FactType } from './fact.js';
import type { StepFault } from './step-fault.js';

/** One that is told of the run has thrown, or took too long: kept for people, and nothing follows from it. */
export const interceptorFailed: FactType = { type: 'interceptor.failed', version: 1, apply: () => undefined };

/** @param at the attempt that it was told of; the run itself without one */
export function failedInterceptor(
  { path, iteration, attempt }: Pick<FactDraft, 'path' | 'iteration' | 'attempt'>,
  payload: { readonly interceptor: string; readonly hook: string; readonly fault: StepFault },
): FactDraft {
  return { type: 'interceptor.failed', path, iteration, attempt, payload: JSON.parse(JSON.stringify(payload)) as Json };
}
