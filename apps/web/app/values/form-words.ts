// What the form of an answer knows about its values: how the author titled fields and choices, and in which order they stand. Values that
// it has no words for stay as they are: a record is shown as it was typed.
import type { Json } from '../graphql.js';
import { isRecord, type Scalar } from './shape.js';

/** The part of a form's JSON Schema that describes one field; undefined when it has none. */
export function fieldOf(form: Json | undefined, key: string): Json | undefined {
  return isRecordOf(form) && isRecordOf(form.properties) ? form.properties[key] : undefined;
}

/** The part that describes each item of a list. */
export function itemOf(form: Json | undefined): Json | undefined {
  return isRecordOf(form) ? form.items : undefined;
}

export function titleOf(form: Json | undefined): string | undefined {
  return isRecordOf(form) && typeof form.title === 'string' && form.title !== '' ? form.title : undefined;
}

/** The author's words for a choice; undefined for what is no choice of this form. */
export function choiceTitle(form: Json | undefined, value: Scalar): string | undefined {
  const choices = isRecordOf(form) && Array.isArray(form.oneOf) ? form.oneOf : [];
  const choice = choices.find((each) => isRecordOf(each) && each.const === value && value !== null);
  return titleOf(choice);
}

/** The entries as the form asks for them (`x-order`); what it does not ask for comes last. Undefined when the form has no order. */
export function formOrder(
  form: Json | undefined,
  record: { readonly [key: string]: Json },
): readonly (readonly [string, Json])[] | undefined {
  const order = isRecordOf(form) ? form['x-order'] : undefined;
  if (!Array.isArray(order)) return undefined;
  const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.entries(record).sort(([one], [other]) => rank(one) - rank(other));
}

function isRecordOf(value: Json | undefined): value is { [key: string]: Json } {
  return value !== undefined && isRecord(value);
}
