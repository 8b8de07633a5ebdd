// Which fields of an input the form shows, and which it cannot ask for.
import type { Json } from '../../graphql.js';
import { isRecord } from '../../values/shape.js';

export function shownFields(schema: Json): ReadonlySet<string> {
  return new Set(fieldsOf(schema).flatMap(([name, part]) => (isHidden(part) ? [] : [name])));
}

/** Fields that no form shows, but without which no run starts, as long as `value` has none of them. */
export function hiddenNeeds(schema: Json, value: Json): readonly string[] {
  const required = isRecord(schema) && Array.isArray(schema.required) ? schema.required : [];
  const missing = ([name, part]: readonly [string, Json]) =>
    isHidden(part) && required.includes(name) && !(isRecord(value) && value[name] !== undefined);
  return fieldsOf(schema).flatMap((field) => (missing(field) ? [field[0]] : []));
}

function fieldsOf(schema: Json): readonly (readonly [string, Json])[] {
  const properties = isRecord(schema) ? schema.properties : undefined;
  return properties !== undefined && isRecord(properties) ? Object.entries(properties) : [];
}

function isHidden(part: Json): boolean {
  return isRecord(part) && part['x-formFieldType'] === 'hidden';
}
