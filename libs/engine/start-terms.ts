/** On which terms a run is queued: what its workflow's options make of its input. Asked once, at its start, outside any transaction. */
import { findNonJson, type Json, StepwellError } from '@stepwell/contracts';
import { HIGHEST_PRIORITY, isPriority, LOWEST_PRIORITY, type WorkflowDefinition } from '@stepwell/sdk';

export interface StartTerms {
  /** Higher first, among the queued runs of one tenant and queue. */
  readonly priority: number;
  /** Runs of one tenant, workflow and key share the permits of its cap; null when it has none. */
  readonly permitKey: string | null;
}

/** Keys are indexed: PostgreSQL takes 2.7 kB. */
const MAX_KEY_LENGTH = 512;

/**
 * @param input as it was validated
 * @param priority of this start; without one it is the workflow's
 * @throws StepwellError INPUT_INVALID when the author's key function throws, or gives something that is no key; or the priority is out of range
 */
export function startTerms(definition: WorkflowDefinition, input: unknown, priority: number = definition.priority): StartTerms {
  if (!isPriority(priority)) {
    const reason = `The priority is ${priority}; it is a whole number from ${LOWEST_PRIORITY} to ${HIGHEST_PRIORITY}.`;
    throw new StepwellError('INPUT_INVALID', { reason });
  }
  return { priority, permitKey: permitKey(definition, input) };
}

function permitKey({ name, cap }: WorkflowDefinition, input: unknown): string | null {
  if (!cap) return null;
  const where = `The key of "${name}" (its option ${cap.heldUntil === 'wait' ? 'concurrency' : 'singleton'})`;
  let key: unknown;
  try {
    key = cap.key(input as never);
  } catch (cause) {
    throw new StepwellError('INPUT_INVALID', { reason: `${where} threw for this input: ${String(cause)}` }, { cause });
  }
  const problem = problemOf(key);
  if (problem === undefined) return key as string;
  throw new StepwellError('INPUT_INVALID', { reason: `${where} ${problem} for this input.` });
}

function problemOf(key: unknown): string | undefined {
  if (typeof key !== 'string') return `is ${key === null ? 'null' : typeof key}, and not a text,`;
  if (key.length > MAX_KEY_LENGTH) return `is longer than ${MAX_KEY_LENGTH} characters`;
  const bad = findNonJson(key satisfies Json);
  return bad && `cannot be stored (${bad.reason})`;
}
