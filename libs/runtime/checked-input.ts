/** Values that come from outside, before they are stored: JSON, of bounded size, and what their class asks for. */
import { type FieldError, findNonJson, type Json, type NonJson, StepwellError } from '@stepwell/contracts';
import type { HostedWorkflow } from '@stepwell/engine';
import { validated } from '@stepwell/sdk';
import { MAX_VALUE_BYTES } from './worker/checked-output.js';

/**
 * The input of a start, by person, machine or parent.
 *
 * @returns the value, and its JSON text
 * @throws StepwellError INPUT_INVALID, with the fields
 */
export async function checkedInput(hosted: HostedWorkflow, input: unknown): Promise<{ readonly value: Json; readonly text: string }> {
  const value = jsonOrRefuse(input ?? null, 'input');
  const type = hosted.definition.input;
  if (type) {
    const checked = await validated(type as never, value);
    if (!checked.ok) throw inputInvalid(checked.fields);
  }
  const text = JSON.stringify(value);
  refuseTooLarge(text, 'input');
  return { value, text };
}

/** @throws StepwellError INPUT_INVALID with the path inside the value */
export function jsonOrRefuse(value: unknown, name: string): Json {
  const bad = findNonJson(value);
  if (bad) throw unfit(name, bad);
  return value as Json;
}

/** @throws StepwellError INPUT_INVALID */
export function refuseTooLarge(text: string, name: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_VALUE_BYTES) throw unfit(name, { path: '$', reason: `it has ${bytes} bytes; at most ${MAX_VALUE_BYTES} are kept` });
}

/** Keys are indexed: PostgreSQL takes 2.7 kB. */
const MAX_KEY_LENGTH = 512;

/** @throws StepwellError INPUT_INVALID */
export function refuseKey(key: string): void {
  if (key.length > MAX_KEY_LENGTH) throw unfit('idempotency key', { path: '$', reason: `it is longer than ${MAX_KEY_LENGTH} characters` });
  jsonOrRefuse(key, 'idempotency key');
}

export function inputInvalid(fields: readonly FieldError[]): StepwellError {
  const reason = fields.map((field) => `${field.path === '' ? 'input' : field.path}: ${field.message}`).join('; ');
  return new StepwellError('INPUT_INVALID', { reason: `The input does not fit: ${reason}.` }, { fields });
}

function unfit(name: string, { path, reason }: NonJson): StepwellError {
  const message = `The ${name} is not JSON that can be kept: at ${path}, ${reason}.`;
  return new StepwellError('INPUT_INVALID', { reason: message }, { fields: [{ path, message: reason }] });
}
