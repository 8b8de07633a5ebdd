import { StepwellError } from '@stepwell/contracts';
import type { StepFault } from '@stepwell/engine';
import { RetryAfterError, retryAfterMs, TerminalError } from '@stepwell/sdk';
import { storableText } from './storable-text.js';

/** Codes that no further attempt can mend: the code or the graph must change. */
const HOPELESS = new Set([
  'OUTPUT_NOT_JSON',
  'OUTPUT_TOO_LARGE',
  'VALUE_NOT_STORABLE',
  'STEP_NOT_RUN',
  'NOT_IN_LOOP',
  'NOT_IN_CATCH',
  'NODE_UNKNOWN',
  'OPTION_INVALID',
  'ACCESS_DENIED',
  'SECRET_EXPOSED',
  'NOT_IN_TRANSACTION',
  'TRANSACTION_TWICE',
  'TRANSACTION_ENDED_ATTEMPT',
]);

const CODE = /^[A-Za-z0-9_.:-]{1,100}$/;

/** Stacks are for finding the line; twenty frames do. */
const STACK_LINES = 20;
const MAX_LENGTH = 8_000;

/** What a handler threw, as data for the journal. Never throws itself, whatever was thrown. */
export function faultOf(error: unknown): StepFault {
  const fault = { code: codeOf(error), message: messageOf(error), ...stackOf(error), retryable: true };
  if (error instanceof StepwellError) {
    const fields = error.fields.length > 0 ? { fields: error.fields } : {};
    return { ...fault, ...fields, code: error.code, retryable: !HOPELESS.has(error.code) };
  }
  if (error instanceof TerminalError) return { ...fault, retryable: false };
  if (error instanceof RetryAfterError) return { ...fault, retryAfterMs: retryAfterMs(error) };
  return fault;
}

/** Of the error's own, when it is a word: of Node's system errors, of a provider's client, of an author's class. */
function codeOf(error: unknown): string {
  try {
    const code: unknown = (error as { code?: unknown } | null | undefined)?.code;
    return typeof code === 'string' && CODE.test(code) ? code : 'STEP_FAILED';
  } catch {
    return 'STEP_FAILED';
  }
}

function messageOf(error: unknown): string {
  try {
    return storableText(String(error instanceof Error ? error.message : error), MAX_LENGTH);
  } catch {
    return 'The step threw something that has no text.';
  }
}

function stackOf(error: unknown): { stack?: string } {
  const stack: unknown = error instanceof Error ? error.stack : undefined;
  return typeof stack === 'string' ? { stack: storableText(stack.split('\n').slice(0, STACK_LINES).join('\n'), MAX_LENGTH) } : {};
}
