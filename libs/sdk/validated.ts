import 'reflect-metadata';
import type { FieldError } from '@stepwell/contracts';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { fieldWords } from './field-words.js';
import type { Type } from './type.js';
import { unseenFields } from './unseen-fields.js';

/** What validation made of a value: an instance of the class, or what is wrong with which field. */
export type Validated<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fields: readonly FieldError[] };

/**
 * Validates a JSON value against a class-validator class. Unknown fields are refused, and so are values of fields that the form does not
 * show (`@ShowIf`): nothing unseen is stored.
 *
 * @param type the class of the input or answer
 * @param value JSON as it came in
 */
export async function validated<T extends object>(type: Type<T>, value: unknown): Promise<Validated<T>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, fields: [{ path: '', message: 'an object is needed here' }] };
  }
  const reserved = reservedFields(value, '');
  if (reserved.length > 0) return { ok: false, fields: reserved };
  const instance = plainToInstance(type, value);
  const errors = await validate(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  const told = errors.flatMap((error) => fieldErrors(error, ''));
  const toldOf = new Set(told.map(({ path }) => path));
  const unseen = unseenFields(instance).filter(({ path }) => !toldOf.has(path));
  const fields = [...told, ...unseen];
  return fields.length === 0 ? { ok: true, value: instance } : { ok: false, fields };
}

/** Own names that plainToInstance skips, or that mean an object's class: a validator would not see what is stored under them. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

function reservedFields(value: unknown, path: string): FieldError[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const below = path === '' ? name : `${path}.${name}`;
    return RESERVED.has(name)
      ? [{ path: below, message: `${name} is a reserved name: give the field another` }]
      : reservedFields(inner, below);
  });
}

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  // So class-validator tells of a class without fields, whatever the value holds.
  if ((error.property as string | undefined) === undefined) return fieldlessErrors(error, parent);
  const path = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = fieldWords(error).map((message) => ({ path, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, path))];
}

/** A class that has no field takes `{}`; a plain object is of no class that could say what belongs into it. */
function fieldlessErrors({ target, constraints = {} }: ValidationError, parent: string): FieldError[] {
  if (!target || target.constructor === Object) return Object.values(constraints).map((message) => ({ path: parent, message }));
  const names = Object.entries(target).flatMap(([name, value]: [string, unknown]) => (value === undefined ? [] : [name]));
  return names.map((name) => ({ path: parent === '' ? name : `${parent}.${name}`, message: 'There is no such field: leave it out' }));
}
