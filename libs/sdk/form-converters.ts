/**
 * Where class-validator-jsonschema does not fit a form: it lets one validator set the type against another (IsNotEmpty makes every field
 * a text), refers to nested classes instead of showing them, and offers two notations of a date. What is not here is converted by it.
 */
import 'reflect-metadata';
import { StepwellError } from '@stepwell/contracts';
import type { targetConstructorToSchema } from 'class-validator-jsonschema';
import { DATE_FIELD, DATE_TIME_FIELD } from './date-fields.js';
import { DOCUMENT_FIELD, DOCUMENT_LIST_FIELD, type DocumentListFieldOptions } from './document-fields.js';
import { AMOUNT, MONEY_FIELD, type MoneyTerms } from './money-field.js';
import type { Type } from './type.js';

type Options = NonNullable<Parameters<typeof targetConstructorToSchema>[1]>;
export type Converters = NonNullable<Options['additionalConverters']>;
type Converter = Extract<Converters[string], (...args: never[]) => unknown>;
type Metadata = Parameters<Converter>[0];
type Schema = Exclude<Converters[string], Converter>;

const DATE: Schema = { type: 'string', format: 'date-time' };

/** @param nested the schema of a nested class, to stand in place of a reference */
export function formConverters(nested: (type: Type<unknown>, where: string) => Schema): Converters {
  return {
    nestedValidation: (meta, options) => nestedSchema(meta, options.classTransformerMetadataStorage, nested),
    customValidation: (meta) => ofDesignType(designType(meta)),
    isNotEmpty: (meta) => (isText(meta) ? { type: 'string', minLength: 1 } : {}),
    isDefined: {},
    min: (meta) => ({ ...numberInList(meta), minimum: first(meta) as number }),
    max: (meta) => ({ ...numberInList(meta), maximum: first(meta) as number }),
    isPositive: (meta) => ({ ...numberInList(meta), exclusiveMinimum: 0 as never }),
    isNegative: (meta) => ({ ...numberInList(meta), exclusiveMaximum: 0 as never }),
    isDivisibleBy: (meta) => ({ ...numberInList(meta), multipleOf: first(meta) as number }),
    isIn: (meta) => choices(first(meta) as readonly unknown[]),
    isEnum: (meta) => choices(enumValues(first(meta) as Readonly<Record<string, unknown>>)),
    isDate: DATE,
    isIso8601: DATE,
    isDateString: DATE,
    minDate: DATE,
    maxDate: DATE,
    contains: (meta) => ({ type: 'string', pattern: escaped(String(first(meta))) }),
    notContains: (meta) => ({ type: 'string', not: { pattern: escaped(String(first(meta))) } }),
    matches: (meta) => pattern(first(meta) as RegExp | string, meta.constraints?.[1] as string | undefined),
    [DATE_FIELD]: { type: 'string', format: 'date' },
    [DATE_TIME_FIELD]: DATE,
    [MONEY_FIELD]: (meta) => moneySchema(first(meta) as MoneyTerms),
    [DOCUMENT_FIELD]: (meta) => ({ ...REFERENCE, ...documentLimits(meta), 'x-formFieldType': 'file' }),
    [DOCUMENT_LIST_FIELD]: (meta) => ({
      type: 'array',
      items: { ...REFERENCE, title: 'Document' },
      ...documentLimits(meta),
      'x-formFieldType': 'multi-file',
    }),
  };
}

const REFERENCE: Schema = {
  type: 'object',
  properties: { id: { type: 'string', format: 'uuid' }, fileName: { type: 'string', minLength: 1 } },
  required: ['id', 'fileName'],
  additionalProperties: false,
};

/** `x-decimals` says for each currency how many decimals it has. */
function moneySchema({ decimals, min, max }: MoneyTerms): Schema {
  const limits = { 'x-decimals': decimals, 'x-min': min, ...(max === undefined ? {} : { 'x-max': max }) };
  return {
    type: 'object',
    properties: { amount: { type: 'string', pattern: AMOUNT.source }, currency: { type: 'string', enum: Object.keys(decimals) } },
    required: ['amount', 'currency'],
    additionalProperties: false,
    ...limits,
    ...{ 'x-formFieldType': 'money' },
  };
}

/** Of a list also how many; of each document its types and its size, which no keyword of JSON Schema can say. */
function documentLimits(meta: Metadata): object {
  const { types, maxBytes, minCount, maxCount } = first(meta) as DocumentListFieldOptions;
  return {
    ...(minCount === undefined ? {} : { minItems: minCount }),
    ...(maxCount === undefined ? {} : { maxItems: maxCount }),
    ...(types === undefined ? {} : { 'x-mediaTypes': [...types] }),
    ...(maxBytes === undefined ? {} : { 'x-maxBytes': maxBytes }),
  };
}

/** What a property was declared as, for those whose validators do not tell. */
export function ofDesignType(type: unknown): Schema {
  if (type === String) return { type: 'string' };
  if (type === Number) return { type: 'number' };
  if (type === Boolean) return { type: 'boolean' };
  if (type === Date) return DATE;
  return type === Array ? { type: 'array' } : {};
}

export function designType(meta: Pick<Metadata, 'target' | 'propertyName'>): unknown {
  return typeof meta.target === 'function'
    ? (Reflect.getMetadata('design:type', meta.target.prototype as object, meta.propertyName) as unknown)
    : undefined;
}

function nestedSchema(
  meta: Metadata,
  storage: Options['classTransformerMetadataStorage'],
  nested: Parameters<typeof formConverters>[0],
): Schema {
  const where = `${typeof meta.target === 'function' ? meta.target.name : meta.target}.${meta.propertyName}`;
  const declared = designType(meta);
  const type: unknown = storage?.findTypeMetadata(meta.target as never, meta.propertyName)?.typeFunction() ?? declared;
  if (typeof type !== 'function' || type === Array || type === Object) {
    throw new StepwellError('OPTION_INVALID', {
      where,
      reason: 'what stands inside cannot be told: add @Type(() => TheClass) beside @ValidateNested().',
    });
  }
  const schema = nested(type as Type<unknown>, where);
  return declared === Array && !meta.each ? { type: 'array', items: schema } : schema;
}

function first(meta: Metadata): unknown {
  return (meta.constraints as readonly unknown[] | undefined)?.[0];
}

function isText(meta: Metadata): boolean {
  return Boolean(meta.each) || designType(meta) === String;
}

/** A number's type comes from the validator that names it (IsInt, IsNumber) or from the declaration; in a list only the validators know. */
function numberInList(meta: Metadata): Schema {
  return meta.each ? { type: 'number' } : {};
}

function choices(values: readonly unknown[]): Schema {
  const types = [...new Set(values.map((value) => typeof value))];
  const [type] = types;
  const known = types.length === 1 && (type === 'string' || type === 'number' || type === 'boolean');
  return { ...(known ? { type } : {}), enum: [...values] };
}

/** A numeric enum of TypeScript also maps its numbers back to names; those are no values. */
function enumValues(entity: Readonly<Record<string, unknown>>): unknown[] {
  return Object.entries(entity).flatMap(([key, value]) =>
    typeof entity[value as string] === 'number' && !Number.isNaN(Number(key)) ? [] : [value],
  );
}

/** A pattern of JSON Schema has no flags: one that needs them is left to the server. */
function pattern(expression: RegExp | string, flags: string | undefined): Schema {
  const known = expression instanceof RegExp ? expression : new RegExp(expression, flags);
  return known.flags.replaceAll('g', '') === '' ? { type: 'string', pattern: known.source } : { type: 'string' };
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
