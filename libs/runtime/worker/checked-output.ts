import { findNonJson, type Json, StepwellError } from '@stepwell/contracts';
import type { OutputCheck } from '@stepwell/sdk';
import type { Entry } from './entry.js';
import type { ActivationHandle } from './host.js';

/** 16 MB: far above what belongs in a journal, far below what one statement can carry. */
export const MAX_VALUE_BYTES = 16 * 1024 * 1024;

/**
 * The boundary of step outputs: JSON or a terminal error that names the path inside the value. `undefined` becomes null.
 * An output that the author's check does not let pass fails the attempt, field by field. Returns a copy, so that what later steps read is what was stored, whatever the handler goes on doing with its object.
 */
export function checkedOutput(stepId: string, value: unknown, check: OutputCheck | null): Json | Promise<Json> {
  const output = jsonOf(stepId, value);
  return check ? passed(stepId, output, check) : output;
}

async function passed(stepId: string, output: Json, check: OutputCheck): Promise<Json> {
  const fields = await check(output);
  if (fields.length === 0) return output;
  const reason = fields.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new StepwellError('OUTPUT_INVALID', { id: stepId, reason }, { fields });
}

/**
 * What is stored of an attempt: its output, checked, and as the workflow's interceptors have rewritten it.
 *
 * @param withinMs what the interceptors have together
 * @throws StepwellError as `checkedOutput`
 */
export function outputToStore(
  { interceptors }: Pick<ActivationHandle, 'interceptors'>,
  entry: Entry,
  value: unknown,
  check: OutputCheck | null,
  withinMs?: number,
): Json | Promise<Json> {
  const output = checkedOutput(entry.action.node.id, value, check);
  if (!interceptors) return output;
  return Promise.resolve(output).then((checked) => interceptors.afterStep(entry, checked, withinMs));
}

function jsonOf(stepId: string, value: unknown): Json {
  if (value === undefined) return null;
  const bad = findNonJson(value);
  if (bad) throw new StepwellError('OUTPUT_NOT_JSON', { id: stepId, path: bad.path, reason: bad.reason });
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_VALUE_BYTES) throw new StepwellError('OUTPUT_TOO_LARGE', { id: stepId, bytes, limit: MAX_VALUE_BYTES });
  return typeof value === 'object' ? (JSON.parse(text) as Json) : (value as Json);
}
