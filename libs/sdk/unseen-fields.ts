/**
 * What class-validator does not look at: a nested class that is missing though the form needs it (`@ValidateNested()` takes `undefined`),
 * a list in place of one object and the reverse (it takes either), and a value in a field that the form does not show (`@ShowIf`).
 */
import 'reflect-metadata';
import type { FieldError } from '@stepwell/contracts';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { isShown, optionalFields } from './show-if.js';
import type { Type } from './type.js';

/** @param value an instance of a class with validators, or what stands in one of its fields */
export function unseenFields(value: unknown, path = ''): FieldError[] {
  const below = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => unseenFields(item, below(index)));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) === Object.prototype) return [];
  const fields = value as Readonly<Record<string, unknown>>;
  const misshapen = nestedFields(value.constructor as Type<unknown>).flatMap((nested) => {
    const message = isShown(value, nested.name) ? problemOf(nested, fields[nested.name]) : undefined;
    return message === undefined ? [] : [{ path: below(nested.name), message }];
  });
  return [
    ...misshapen,
    ...Object.entries(fields).flatMap(([field, inner]) => {
      if (isShown(value, field)) return unseenFields(inner, below(field));
      return inner == null ? [] : [{ path: below(field), message: 'Is not asked for beside these answers: leave it out' }];
    }),
  ];
}

/** A field that holds an object of another class, or a list of them. */
interface NestedField {
  readonly name: string;
  readonly isList: boolean;
  readonly isOptional: boolean;
}

function problemOf({ isList, isOptional }: NestedField, value: unknown): string | undefined {
  if (value == null) return isOptional ? undefined : 'Needs a value';
  if (!isList) return Array.isArray(value) ? 'Needs one object, not a list' : undefined;
  return Array.isArray(value) && !value.some(Array.isArray) ? undefined : 'Needs a list of objects';
}

function nestedFields(type: Type<unknown>): NestedField[] {
  const all = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  const optional = optionalFields(type);
  const nested = all.filter((metadata) => metadata.type === ValidationTypes.NESTED_VALIDATION);
  return [...new Set(nested.map(({ propertyName }) => propertyName))].map((name) => ({
    name,
    isList:
      Reflect.getMetadata('design:type', type.prototype as object, name) === Array ||
      nested.some(({ propertyName, each }) => propertyName === name && each),
    isOptional: optional.has(name),
  }));
}
