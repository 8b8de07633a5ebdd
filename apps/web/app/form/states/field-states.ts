// How far each field of a form has come that a suggestion has filled in.
import type { RJSFSchema } from '@rjsf/utils';
import type { Json } from '../../graphql.js';
import { sameJson } from '../../values/same-json.js';
import type { FieldProblem } from '../field-errors.js';
import { type FormField, formFields, valueAt } from '../form-fields.js';

export interface Suggested {
  readonly values: Json;
  readonly confidence: number | null;
  readonly fields: readonly { readonly path: string; readonly confidence: number }[];
  /** A value of lower confidence counts as open. */
  readonly openBelow: number;
}

/**
 * suggested   a value that nobody has looked at yet
 * confirmed   a person has put it there, or says that it is right
 * open        it needs a person: a needed value is missing, or nobody is sure of it
 * failed      the server has refused it
 */
export const FIELD_STATES = ['suggested', 'open', 'failed', 'confirmed'] as const;
export type FieldStateName = (typeof FIELD_STATES)[number];

export interface FieldState extends FormField {
  /** Undefined: there is nothing to do, as in a field that may stay empty. */
  readonly state: FieldStateName | undefined;
  /** Of the suggestion, while its value stands. From 0 to 1; null: nobody says. */
  readonly confidence: number | null;
  /** There is a value that a person may say is right. */
  readonly isConfirmable: boolean;
}

export interface FormProgress {
  readonly schema: RJSFSchema;
  readonly value: Json;
  readonly suggested: Suggested;
  /** Keys of fields that a person has changed or confirmed. */
  readonly confirmed: ReadonlySet<string>;
  readonly problems: readonly FieldProblem[];
}

/** @returns every field that is shown, in its order */
export function fieldStates({ schema, value, suggested, confirmed, problems }: FormProgress): readonly FieldState[] {
  const wrong = problems.map(({ path }) => path.join('.'));
  return formFields(schema, value).map((field) => {
    const held = valueAt(value, field.key);
    const stands = !isEmpty(held) && sameJson(held, valueAt(suggested.values, field.key));
    const confidence = stands ? confidenceOf(suggested, field.key) : null;
    const isFailed = wrong.some((path) => path === field.key || path.startsWith(`${field.key}.`));
    const state = isFailed
      ? 'failed'
      : stateOf(field, held, { stands, confidence, isConfirmed: confirmed.has(field.key), openBelow: suggested.openBelow });
    return { ...field, state, confidence, isConfirmable: stands && (state === 'suggested' || state === 'open') };
  });
}

interface Standing {
  /** The suggested value is still there. */
  readonly stands: boolean;
  readonly confidence: number | null;
  readonly isConfirmed: boolean;
  readonly openBelow: number;
}

function stateOf(field: FormField, held: Json | undefined, { stands, confidence, isConfirmed, openBelow }: Standing): FieldState['state'] {
  if (isEmpty(held)) return field.isRequired ? 'open' : isConfirmed ? 'confirmed' : undefined;
  if (isConfirmed) return 'confirmed';
  if (stands) return confidence !== null && confidence < openBelow ? 'open' : 'suggested';
  // What neither the suggestion nor the form put there, a person did: it comes from a draft.
  return sameJson(held, field.default) ? undefined : 'confirmed';
}

/** The nearest one counts: of the field, of what is around it, of the whole. */
export function confidenceOf({ fields, confidence }: Suggested, key: string): number | null {
  const around = fields.filter(({ path }) => path === key || key.startsWith(`${path}.`));
  const [nearest] = around.sort((a, b) => b.path.length - a.path.length);
  return nearest?.confidence ?? confidence;
}

/** The fields that stand otherwise in one value than in another. */
export function changedFields(schema: RJSFSchema, before: Json, after: Json): readonly string[] {
  const keys = new Set([...formFields(schema, before), ...formFields(schema, after)].map(({ key }) => key));
  return [...keys].filter((key) => !sameJson(valueAt(before, key), valueAt(after, key)));
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
