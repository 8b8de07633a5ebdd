import { findNonJson, type Json, StepwellError } from '@stepwell/contracts';

/** 16 MB: far above what belongs in a journal, far below what one statement can carry. */
export const MAX_VALUE_BYTES = 16 * 1024 * 1024;

/**
 * The boundary of step outputs: JSON or a terminal error that names the path inside the value. `undefined` becomes null.
 * Returns a copy, so that what later steps read is what was stored, whatever the handler goes on doing with its object.
 */
export function checkedOutput(stepId: string, value: unknown): Json {
  if (value === undefined) return null;
  const bad = findNonJson(value);
  if (bad) throw new StepwellError('OUTPUT_NOT_JSON', { id: stepId, path: bad.path, reason: bad.reason });
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_VALUE_BYTES) throw new StepwellError('OUTPUT_TOO_LARGE', { id: stepId, bytes, limit: MAX_VALUE_BYTES });
  return typeof value === 'object' ? (JSON.parse(text) as Json) : (value as Json);
}
