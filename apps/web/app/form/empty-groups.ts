// A group that may be left out is left out until something stands in it: the form library makes an empty object of it as soon as it draws it,
// and an empty object is an answer, in which the server misses what the group needs.
import type { RJSFSchema } from '@rjsf/utils';
import type { Json } from '../graphql.js';
import { isRecord } from '../values/shape.js';
import { conditionsOf } from './conditions.js';
import { fits } from './structural-validator.js';

/** A value without the empty groups, amounts and files that it need not hold, however deep. What is needed stays, and so do items of lists. */
export function withoutEmptyGroups(schema: RJSFSchema, value: Json): Json {
  const { items, properties } = schema;
  if (Array.isArray(value)) {
    return typeof items === 'object' && !Array.isArray(items) ? value.map((item: Json) => withoutEmptyGroups(items, item)) : value;
  }
  if (!isRecord(value) || !properties) return value;
  const needed = neededFields(schema, value);
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    const part = properties[name];
    if (typeof part !== 'object') return [[name, inner] as const];
    const left = withoutEmptyGroups(part, inner);
    return part.properties && !needed.has(name) && holdsNothing(left) ? [] : [[name, left] as const];
  });
  return Object.fromEntries(kept);
}

function neededFields(schema: RJSFSchema, value: Json): ReadonlySet<string> {
  const conditional = conditionsOf(schema).flatMap(({ when, needed }) => (fits(when, value) ? needed : []));
  return new Set([...(schema.required ?? []), ...conditional]);
}

/** An object in which nothing stands. A box that is not ticked, and a choice of nothing, were set by somebody. */
function holdsNothing(value: Json): boolean {
  return isRecord(value) && Object.values(value).every((inner) => (Array.isArray(inner) ? inner.length === 0 : holdsNothing(inner)));
}
