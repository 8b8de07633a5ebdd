/** What a decision made of a suggestion, field by field. Pure; the decision keeps it. */
import type { Json, JsonObject } from '@stepwell/contracts';
import type { TaskSuggestion } from '@stepwell/sdk';
import type { AgreedField } from '@stepwell/storage';
import { isDeepStrictEqual } from 'node:util';

/** @param form the JSON Schema of the answer: it says which objects are one value, such as an amount of money */
export function fieldOutcomes(form: Json, suggestion: TaskSuggestion, answer: Json): readonly AgreedField[] {
  const suggested = fieldsOf(form, suggestion.values);
  const answered = fieldsOf(form, answer);
  return [...new Set([...suggested.keys(), ...answered.keys()])].map((path) => {
    if (!suggested.has(path)) return { path, outcome: 'added' };
    const from = suggested.get(path) ?? null;
    const confidence = confidenceOf(suggestion, path);
    const sure = confidence === null ? {} : { confidence };
    if (!answered.has(path)) return { path, outcome: 'cleared', from, ...sure };
    return isDeepStrictEqual(answered.get(path), from)
      ? { path, outcome: 'accepted', ...sure }
      : { path, outcome: 'changed', from, ...sure };
  });
}

/** The nearest one counts: of the field, of what is around it, of the whole. */
function confidenceOf({ fields, confidence }: TaskSuggestion, path: string): number | null {
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length--) {
    const own = fields[parts.slice(0, length).join('.')];
    if (own !== undefined) return own;
  }
  return confidence;
}

/** The values in it, each by its path; what is empty is none. */
function fieldsOf(schema: Json | undefined, value: Json, path = ''): Map<string, Json> {
  if (value === null || value === '') return new Map();
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  const { properties, items, 'x-formFieldType': kind } = isObject(schema) ? schema : {};
  if (kind === undefined && Array.isArray(value) && (value.length === 0 || (isObject(items) && items['properties'] !== undefined)))
    return merged((value as readonly Json[]).map((item, index) => fieldsOf(items, item, below(String(index)))));
  if (kind === undefined && isObject(value) && isObject(properties))
    return merged(Object.entries(value).map(([key, inner]) => fieldsOf(properties[key], inner, below(key))));
  return new Map([[path, value]]);
}

function merged(maps: readonly Map<string, Json>[]): Map<string, Json> {
  return new Map(maps.flatMap((map) => [...map]));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
