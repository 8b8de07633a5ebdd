// The fields of a form that a person fills in, one by one, in the order in which they are shown with a value: those of groups and of the
// items of lists, too. A day, an amount of money, a set of boxes, or files are one field each.
import type { RJSFSchema } from '@rjsf/utils';
import type { Json } from '../graphql.js';
import { humaniseKey } from '../values/humanise-key.js';
import { isRecord } from '../values/shape.js';
import { conditionsOf } from './conditions.js';
import { documentLimits } from './documents/document-limits.js';
import { fits } from './structural-validator.js';

export interface FormField {
  /** From the root of the value, joined by dots: `parts.0.cost`. */
  readonly key: string;
  /** Unlike that of any other field: `Cost, Parts 1`. */
  readonly name: string;
  readonly isRequired: boolean;
  /** As the author wrote it. */
  readonly default: Json | undefined;
}

interface Around {
  readonly path: readonly string[];
  readonly name: string;
  readonly isRequired: boolean;
}

const ROOT: Around = { path: [], name: '', isRequired: true };

export function formFields(schema: RJSFSchema, value: Json, around: Around = ROOT): readonly FormField[] {
  const conditions = conditionsOf(schema);
  const hidden = new Set(conditions.flatMap(({ when, fields }) => (fits(when, value) ? [] : fields)));
  const needed = new Set([...(schema.required ?? []), ...conditions.flatMap((each) => (fits(each.when, value) ? each.needed : []))]);
  return inOrder(schema).flatMap((key) => {
    const part = schema.properties?.[key];
    if (hidden.has(key) || typeof part !== 'object' || part['x-formFieldType' as keyof typeof part] === 'hidden') return [];
    const name = part.title ?? humaniseKey(key);
    return below(part, valueIn(value, key), { ...inside(around, key, name), isRequired: needed.has(key) });
  });
}

/** What stands at a field, or `undefined`. */
export function valueAt(value: Json, key: string): Json | undefined {
  return key.split('.').reduce<Json | undefined>((inner, name) => valueIn(inner, name), value);
}

function below(schema: RJSFSchema, value: Json | undefined, around: Around): readonly FormField[] {
  const { path, name, isRequired } = around;
  if (schema.properties && schema['x-formFieldType'] !== 'money' && !documentLimits(schema)) {
    // In a group that may be left out nothing is needed before something stands in it.
    const isNeeded = isRequired || (value !== undefined && value !== null);
    const fields = formFields(schema, value ?? {}, { path, name, isRequired: true });
    return isNeeded ? fields : fields.map((field) => ({ ...field, isRequired: false }));
  }
  const { items } = schema;
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    typeof items === 'object' &&
    !Array.isArray(items) &&
    items.properties &&
    !documentLimits(schema)
  )
    return value.flatMap((item: Json, index) => {
      const title = `${items.title ?? name.replace(/, .*/, '')} ${index + 1}`;
      return below(items, item, { path: [...path, String(index)], name: title, isRequired: true });
    });
  return [{ key: path.join('.'), name, isRequired, default: schema.default }];
}

function inside({ path, name: outer }: Around, key: string, name: string): Omit<Around, 'isRequired'> {
  return { path: [...path, key], name: outer === '' ? name : `${name}, ${outer}` };
}

function inOrder(schema: RJSFSchema): readonly string[] {
  const names = Object.keys(schema.properties ?? {});
  const order: unknown = schema['x-order'];
  const first = Array.isArray(order)
    ? names.filter((name) => order.includes(name)).sort((a, b) => order.indexOf(a) - order.indexOf(b))
    : [];
  return [...first, ...names.filter((name) => !first.includes(name))];
}

function valueIn(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return value !== undefined && isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
