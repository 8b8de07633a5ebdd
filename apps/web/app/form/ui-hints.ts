// How the fields of an answer are shown, read from its JSON Schema alone, so that an author writes one class and no layout.
import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import { humaniseKey, humaniseWord } from '../values/humanise-key.js';
import { conditionsOf } from './conditions.js';
import { documentLimits } from './documents/document-limits.js';
import { choicesOf, type Choice } from './prepare-schema.js';

/** Up to this many choices are shown all at once; more go into a list that opens. */
const FEW = 6;
/** A text that may be longer than this gets several lines. */
const LONG = 120;
const LONG_NAME = /note|comment|reason|description|explanation|remark|message|summary|text/i;

/** Of a group, whose needed fields are needed only once something stands in it. */
const LEFT_OUT = 'May be left out as a whole.';

export function uiHints(schema: RJSFSchema): UiSchema {
  const properties = schema.properties ?? {};
  const needed = new Set([...(schema.required ?? []), ...conditionsOf(schema).flatMap(({ needed: names }) => names)]);
  const fields = Object.entries(properties).map(([key, part]) => [key, hintsOf(key, part as RJSFSchema, needed.has(key))] as const);
  return { ...Object.fromEntries(fields), ...orderHint(schema, Object.keys(properties)), 'ui:submitButtonOptions': { norender: true } };
}

/** `x-order` keeps the order in which the author wrote the fields: the database does not. */
function orderHint(schema: RJSFSchema, names: readonly string[]): UiSchema {
  const order: unknown = schema['x-order'];
  if (!Array.isArray(order)) return {};
  return { 'ui:order': [...(order as readonly unknown[]).filter((name) => names.some((known) => known === name)), '*'] as string[] };
}

function hintsOf(key: string, schema: RJSFSchema, isNeeded: boolean): UiSchema {
  const hints: UiSchema = { 'ui:title': schema.title ?? humaniseKey(key) };
  if (schema.description) hints['ui:description'] = schema.description;
  if (documentLimits(schema)) return { ...hints, 'ui:field': 'documents' };
  if (schema['x-formFieldType'] === 'money') return { ...hints, 'ui:field': 'money' };
  if (schema.properties)
    return { ...hints, ...(isNeeded ? {} : { 'ui:description': hints['ui:description'] ?? LEFT_OUT }), ...uiHints(schema) };
  if (schema.type === 'array') return { ...hints, ...listHints(hints['ui:title'] ?? key, schema) };
  // A box that nobody has touched says neither yes nor no.
  if (schema.type === 'boolean' && isNeeded && !choicesOf(schema)) return { ...hints, 'ui:widget': 'choice' };
  return { ...hints, ...scalarHints(key, schema) };
}

function listHints(title: string, schema: RJSFSchema): UiSchema {
  const items = (schema.items ?? {}) as RJSFSchema;
  const choices = choicesOf(items);
  if (choices) return { ...namesOf(choices), ...(schema.uniqueItems ? { 'ui:widget': 'checkboxes' } : {}) };
  const inner = hintsOf('', items, true);
  const nameOf = (index: number) => (items.title === undefined ? `${title} ${index + 1}` : `${items.title} ${index + 1}`);
  return { items: (_: unknown, index: number) => ({ ...inner, 'ui:title': nameOf(index) }) };
}

function scalarHints(key: string, schema: RJSFSchema): UiSchema {
  const choices = choicesOf(schema);
  if (choices) return { 'ui:widget': choices.length <= FEW ? 'choice' : 'select', ...namesOf(choices) };
  if (schema.type === 'string' && schema.format === undefined && isLong(key, schema)) {
    return { 'ui:widget': 'textarea', 'ui:options': { autosize: true, minRows: 3, maxRows: 14 } };
  }
  return {};
}

/** The author's titles; bare values in words. */
function namesOf(choices: readonly Choice[]): UiSchema {
  const nameOf = ({ value, title }: Choice) => title ?? (typeof value === 'string' ? humaniseWord(value) : JSON.stringify(value));
  return { 'ui:enumNames': choices.map(nameOf) };
}

function isLong(key: string, { maxLength }: RJSFSchema): boolean {
  return maxLength === undefined ? LONG_NAME.test(key) : maxLength > LONG;
}
