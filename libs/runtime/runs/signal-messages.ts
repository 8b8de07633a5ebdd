/** What may be said to a run, checked, as messages to it. */
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import type { HostedWorkflow, InboxMessage, RunState } from '@stepwell/engine';
import { validated } from '@stepwell/sdk';
import { checkedInput, inputInvalid, jsonOrRefuse, refuseKey, refuseTooLarge } from '../checked-input.js';
import { checkedInjection, type InjectionRequest, turnOf } from './checked-injection.js';

export type Said = Pick<InboxMessage, 'kind' | 'payload'>;

export interface Addressee {
  readonly id: string;
  /** What it runs on; undefined where that is not hosted. */
  readonly hosted: HostedWorkflow | undefined;
}

/** @throws StepwellError SIGNAL_UNKNOWN, INPUT_INVALID (with the fields) */
export async function signalMessage(to: Addressee, name: string, payload: unknown, by: Actor | null): Promise<Said> {
  const signals = to.hosted?.definition.signals ?? [];
  const signal = signals.find((one) => one.name === name);
  if (!signal) {
    const known = signals.map((one) => `"${one.name}"`).join(', ') || 'none';
    throw new StepwellError('SIGNAL_UNKNOWN', { id: to.id, name, known });
  }
  const value = jsonOrRefuse(payload ?? null, 'payload');
  const checked = await validated(signal.payload, value);
  if (!checked.ok) throw inputInvalid(checked.fields);
  refuseTooLarge(JSON.stringify(value), 'payload');
  return { kind: 'signal.received', payload: { name, payload: value, by } };
}

export interface Patch {
  /** Fields of the input, and what they become. */
  readonly patch: unknown;
  readonly by: Actor | null;
  readonly reason: string | null;
}

/**
 * @param input as it is now
 * @returns the message, and the input that comes of it
 * @throws StepwellError CONTEXT_NOT_UPDATABLE, INPUT_INVALID (with the fields)
 */
export async function updateMessage(to: Addressee, input: Json, { patch, by, reason }: Patch): Promise<Said & { readonly input: Json }> {
  const refuse = (why: string) => new StepwellError('CONTEXT_NOT_UPDATABLE', { id: to.id, reason: why });
  if (!to.hosted) throw refuse('this server does not have the version of its workflow that it runs on.');
  if (to.hosted.processor !== undefined) throw refuse('it is a run of an emitter, which has no input.');
  if (!isObject(input)) throw refuse('its input has no fields.');
  const fields = jsonOrRefuse(patch, 'patch');
  if (!isObject(fields)) throw inputInvalid([{ path: '', message: 'the patch is an object of fields and their new values' }]);
  const { value } = await checkedInput(to.hosted, { ...input, ...fields });
  return { kind: 'context.updated', payload: { patch: fields, reason: jsonOrRefuse(reason, 'reason'), by: by as Json }, input: value };
}

/**
 * @param state of the run as it stands
 * @returns undefined when the key was used in this run
 * @throws StepwellError as `checkedInjection`
 */
export async function injectionMessage(
  to: Addressee,
  state: RunState,
  {
    key,
    iteration,
    by,
    ...request
  }: InjectionRequest & { readonly key: string | null; readonly iteration: string; readonly by: Actor | null },
): Promise<Said | undefined> {
  if (!to.hosted) throw new StepwellError('INJECTION_NOT_ALLOWED', { reason: 'this server does not have the version that the run is of.' });
  if (key !== null) refuseKey(key);
  if (key !== null && state.injectionKeys.has(key)) return undefined;
  if (Array.isArray(request.nodes) && request.nodes.length === 0)
    throw new StepwellError(
      'INJECTION_INVALID',
      { reason: 'nodes: there is none.' },
      { fields: [{ path: 'nodes', message: 'there is none' }] },
    );
  const injection = await checkedInjection(to.hosted, state, request, { iterationOf: (point) => turnOf(point, iteration) });
  return { kind: 'nodes.injected', payload: { ...injection, key, by } };
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
