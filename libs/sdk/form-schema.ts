/**
 * JSON Schema (draft 7) of an answer's class: what a form is made from. The class is the only definition; validation stays with it.
 *
 * Self-contained: nested classes stand where they are used, there is no $ref. Every field has a title, the author's or one made from its
 * name; every list of choices is `oneOf` with a title per choice. `x-order` keeps the order of the fields, which a JSON column forgets.
 * `x-formFieldType` is `file` for a document, `multi-file` for a list of them (with `x-mediaTypes` and `x-maxBytes` as their limits),
 * `money` for an amount with its currency, and `hidden` for what no form shows. A field with `@ShowIf` is in the properties, and in an `if`
 * of `allOf`, whose `then` needs it and whose `else` allows it no value. The same class always gives the same schema.
 */
import 'reflect-metadata';
import { type Json, type JsonObject, StepwellError } from '@stepwell/contracts';
// @ts-expect-error -- class-transformer ships no types beside this file, which is the only way to its knowledge of @Type()
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { isHiddenField } from './document-fields.js';
import { formConverters, ofDesignType } from './form-converters.js';
import { optionalFields, shownIf } from './show-if.js';
import type { Type } from './type.js';

type Options = NonNullable<Parameters<typeof targetConstructorToSchema>[1]>;
const classTransformerMetadataStorage = defaultMetadataStorage as NonNullable<Options['classTransformerMetadataStorage']>;

const known = new WeakMap<Type<unknown>, JsonObject>();

/**
 * @param answer a class-validator class
 * @throws StepwellError OPTION_INVALID when a nested class cannot be told, or contains itself
 */
export function formSchemaOf(answer: Type<unknown>): Json {
  let schema = known.get(answer);
  if (!schema) {
    schema = { $schema: 'http://json-schema.org/draft-07/schema#', title: humanised(answer.name), ...classSchema(answer, []) };
    known.set(answer, schema);
  }
  return schema;
}

function classSchema(type: Type<unknown>, outer: readonly Type<unknown>[]): JsonObject {
  const path = [...outer, type];
  const additionalConverters = formConverters((inner, where) => {
    if (path.includes(inner))
      throw new StepwellError('OPTION_INVALID', { where, reason: `${inner.name} contains itself; a form needs an end.` });
    return classSchema(inner, path);
  });
  const raw = targetConstructorToSchema(type, { additionalConverters, classTransformerMetadataStorage });
  // What validators carry may be frozen, shared, or no plain data; the schema is none of these.
  const { properties = {}, ...rest } = JSON.parse(JSON.stringify(raw)) as JsonObject & {
    readonly properties?: Readonly<Record<string, JsonObject>>;
  };
  const fields = Object.entries(properties).map(
    ([name, property]) => [name, { ...fieldSchema(name, property, declaredType(type, name)), ...hidden(type, name) }] as const,
  );
  return {
    type: 'object',
    ...rest,
    properties: Object.fromEntries(fields),
    'x-order': fields.map(([name]) => name),
    additionalProperties: false,
    ...conditions(
      type,
      fields.map(([name]) => name),
    ),
  };
}

function conditions(type: Type<unknown>, fields: readonly string[]): JsonObject {
  const optional = optionalFields(type);
  const allOf = fields.flatMap((field) => {
    const condition = shownIf(type.prototype as object, field, fields);
    if (!condition) return [];
    return [{ if: condition, then: optional.has(field) ? {} : { required: [field] }, else: { properties: { [field]: false } } }];
  });
  return allOf.length === 0 ? {} : { allOf };
}

function fieldSchema(name: string, property: JsonObject, declared: unknown): JsonObject {
  const hasType = ['type', 'enum', 'const', 'oneOf', 'anyOf', 'allOf'].some((key) => key in property);
  const schema = withTitledChoices(hasType ? property : { ...(ofDesignType(declared) as JsonObject), ...property });
  return { ...schema, title: schema['title'] ?? humanised(name) };
}

function hidden(type: Type<unknown>, name: string): JsonObject {
  return isHiddenField(type.prototype as object, name) ? { 'x-formFieldType': 'hidden' } : {};
}

function withTitledChoices(schema: JsonObject): JsonObject {
  const { enum: values, nullable: _, ...rest } = schema;
  if (isObject(rest['items'])) return { ...rest, items: withTitledChoices(rest['items']) };
  if (!Array.isArray(values)) return rest;
  return 'oneOf' in rest
    ? rest
    : { ...rest, oneOf: (values as readonly Json[]).map((value) => ({ const: value, title: choiceTitle(value) })) };
}

function declaredType(type: Type<unknown>, property: string): unknown {
  return Reflect.getMetadata('design:type', type.prototype as object, property) as unknown;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sentences are left as they are; a bare word of code is humanised. */
function choiceTitle(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[a-z]\w*([_-]\w+)*$/.test(text) ? humanised(text) : text;
}

/** Written in capitals wherever they stand. */
const ACRONYMS = new Set(['api', 'faa', 'id', 'ip', 'json', 'pdf', 'uri', 'url', 'usd', 'utc']);

/** `costTotalUsd` becomes `Cost total USD`. */
function humanised(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_.-]+/)
    .filter((word) => word !== '')
    .map((word) => (ACRONYMS.has(word.toLowerCase()) || /^[A-Z\d]{2,}$/.test(word) ? word.toUpperCase() : word.toLowerCase()));
  const sentence = words.join(' ');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
