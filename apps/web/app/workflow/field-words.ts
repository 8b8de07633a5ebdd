// The fields of an input class, as its JSON Schema tells them.
import type { Json } from '../graphql.js';
import { humaniseKey } from '../values/humanise-key.js';

export interface InputField {
  readonly name: string;
  readonly title: string;
  /** `text`, `whole number`, `one of 3`, `list of files`. */
  readonly type: string;
  readonly isRequired: boolean;
}

type Schema = Readonly<Record<string, Json>>;

/** In the order of the class. */
export function inputFields(schema: Json): readonly InputField[] {
  if (!isSchema(schema) || !isSchema(schema['properties'])) return [];
  const { properties, required, 'x-order': order } = schema;
  const names = Object.keys(properties);
  const ordered = Array.isArray(order) ? order.filter((name): name is string => typeof name === 'string' && names.includes(name)) : [];
  return [...new Set([...ordered, ...names])].map((name) => {
    const field = properties[name];
    return {
      name,
      title: isSchema(field) && typeof field['title'] === 'string' ? field['title'] : humaniseKey(name),
      type: typeWords(field),
      isRequired: Array.isArray(required) && required.includes(name),
    };
  });
}

const WORDS: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', boolean: 'yes or no', object: 'group' };
const FILES: Readonly<Record<string, string>> = { file: 'file', 'multi-file': 'files', hidden: 'not on the form' };

function typeWords(field: Json | undefined): string {
  if (!isSchema(field)) return 'anything';
  const special = field['x-formFieldType'];
  if (typeof special === 'string' && special in FILES) return FILES[special] ?? special;
  const choices = field['oneOf'] ?? field['enum'];
  if (Array.isArray(choices)) return `one of ${choices.length}`;
  if (field['type'] === 'array') return `list of ${plural(typeWords(field['items']))}`;
  if (field['format'] === 'date-time') return 'date and time';
  if (typeof field['format'] === 'string') return field['format'];
  return typeof field['type'] === 'string' ? (WORDS[field['type']] ?? field['type']) : 'anything';
}

function plural(words: string): string {
  return /^(one of|anything|yes)/.test(words) ? words : `${words}s`;
}

function isSchema(value: Json | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
