import type { Json, JsonObject } from '@stepwell/contracts';

/**
 * Whether an address leads to a field that the form shows: `parts.0.cost`, as errors of the server's validation name it. A group, an item
 * of a list and a part of an amount are fields, too; an item need not be there yet.
 *
 * @param form the JSON Schema of the answer
 */
export function isFieldOf(form: Json, address: string): boolean {
  let part: Json | undefined = form;
  for (const key of address.split('.')) {
    part = partAt(part, key);
    if (!isObject(part) || part['x-formFieldType'] === 'hidden') return false;
  }
  return true;
}

function partAt(part: Json | undefined, key: string): Json | undefined {
  if (!isObject(part)) return undefined;
  const { properties, items } = part;
  if (isObject(properties) && Object.hasOwn(properties, key)) return properties[key];
  return /^(0|[1-9]\d{0,3})$/.test(key) ? items : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
