/**
 * Fields that a form shows only while others of the same object have certain values. Of a field that is not shown nothing is validated,
 * and nothing is taken: a value in it was seen by nobody, so it is refused (see unseen-fields.ts). In the schema it is an `if` with an
 * `else` that allows no value (see form-schema.ts).
 */
import 'reflect-metadata';
import { type JsonObject, StepwellError } from '@stepwell/contracts';
import { getMetadataStorage, ValidateIf, ValidationTypes } from 'class-validator';
import type { Type } from './type.js';

type Scalar = string | number | boolean;

/** Fields beside this one, and the value, or one of the values, that each must have. */
export type ShowIfCondition = Readonly<Record<string, Scalar | readonly Scalar[]>>;

type Wanted = Readonly<Record<string, readonly Scalar[]>>;

const SHOW_IF = Symbol('stepwell.show-if');
/** The conditions by which class-validator knows the fields of here, to tell them from an author's own `@ValidateIf`. */
const SHOWS = new WeakSet();

/**
 * A field that is asked for only while all of the fields named have (one of) the values named:
 * `@ShowIf({ verdict: ['correct', 'reject'], isUrgent: true })`. While it is shown it is needed, unless it is `@IsOptional()` too.
 *
 * @throws StepwellError OPTION_INVALID without a field or a value
 */
export function ShowIf(condition: ShowIfCondition): PropertyDecorator {
  const wanted: Wanted = Object.fromEntries(Object.entries(condition).map(([field, values]) => [field, [values].flat()]));
  return (target, property) => {
    if (Object.keys(wanted).length === 0 || Object.values(wanted).some((values) => values.length === 0)) {
      const where = `${target.constructor.name}.${String(property)}`;
      throw new StepwellError('OPTION_INVALID', { where, reason: '@ShowIf names another field, and the values that it must have.' });
    }
    Reflect.defineMetadata(SHOW_IF, wanted, target, property);
    const condition = (object: object): boolean => isShown(object, String(property));
    SHOWS.add(condition);
    ValidateIf(condition)(target, String(property));
  };
}

/** @param object an instance of the class that has the field */
export function isShown(object: object, property: string): boolean {
  const wanted = wantedBy(object, property);
  const values = object as Readonly<Record<string, unknown>>;
  return !wanted || Object.entries(wanted).every(([field, allowed]) => allowed.some((value) => value === values[field]));
}

/**
 * The condition as JSON Schema, for an `if`.
 *
 * @param fields those of the class, to find the ones that a condition names
 * @returns `undefined` for a field that is always shown
 * @throws StepwellError OPTION_INVALID when it names a field that is not there
 */
export function shownIf(prototype: object, property: string, fields: readonly string[]): JsonObject | undefined {
  const wanted = wantedBy(prototype, property);
  if (!wanted) return undefined;
  const unknown = Object.keys(wanted).find((field) => !fields.includes(field));
  if (unknown !== undefined) {
    const where = `${prototype.constructor.name}.${property}`;
    throw new StepwellError('OPTION_INVALID', { where, reason: `@ShowIf names "${unknown}", and there is no such field.` });
  }
  return {
    properties: Object.fromEntries(Object.entries(wanted).map(([field, values]) => [field, { enum: [...values] }])),
    required: Object.keys(wanted),
  };
}

/** Fields that may be left out even while they are shown: `@IsOptional()`, or a `@ValidateIf` of which only the author knows what it says. */
export function optionalFields(type: Type<unknown>): ReadonlySet<string> {
  const all = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  const optional = all.filter(
    ({ type: kind, constraints }) =>
      kind === ValidationTypes.CONDITIONAL_VALIDATION && !SHOWS.has((constraints as readonly object[])[0] ?? {}),
  );
  return new Set(optional.map(({ propertyName }) => propertyName));
}

function wantedBy(object: object, property: string): Wanted | undefined {
  return Reflect.getMetadata(SHOW_IF, object, property) as Wanted | undefined;
}
