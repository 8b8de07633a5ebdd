/**
 * What class-validator does not look at: a nested class that is missing though the form needs it (`@ValidateNested()` takes `undefined`),
 * and a value in a field that the form does not show (`@ShowIf`).
 */
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
  const missing = nestedFields(value.constructor as Type<unknown>).filter((field) => fields[field] == null && isShown(value, field));
  return [
    ...missing.map((field) => ({ path: below(field), message: `${field} is missing` })),
    ...Object.entries(fields).flatMap(([field, inner]) => {
      if (isShown(value, field)) return unseenFields(inner, below(field));
      return inner == null ? [] : [{ path: below(field), message: `${field} is not asked for beside these answers: leave it out` }];
    }),
  ];
}

/** Those that must hold an object of another class, or a list of them. */
function nestedFields(type: Type<unknown>): string[] {
  const all = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  const optional = optionalFields(type);
  const nested = all.filter((metadata) => metadata.type === ValidationTypes.NESTED_VALIDATION).map(({ propertyName }) => propertyName);
  return [...new Set(nested)].filter((field) => !optional.has(field));
}
