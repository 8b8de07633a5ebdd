// Fields that are shown only while others have certain values: in the schema an `if` whose `else` allows them no value.
import type { RJSFSchema } from '@rjsf/utils';
import type { Json } from '../graphql.js';
import { isRecord } from '../values/shape.js';
import { fits } from './structural-validator.js';

export interface Condition {
  readonly when: RJSFSchema;
  /** Those that are shown while it holds. */
  readonly fields: readonly string[];
  /** Those of them that must be answered then. */
  readonly needed: string[];
}

/** The conditions of an object's own fields. */
export function conditionsOf({ allOf }: RJSFSchema): readonly Condition[] {
  return (allOf ?? []).flatMap((part) => {
    if (typeof part !== 'object' || typeof part.if !== 'object') return [];
    const allowed = typeof part.else === 'object' ? (part.else.properties ?? {}) : {};
    const fields = Object.keys(allowed).filter((name) => allowed[name] === false);
    const needed = typeof part.then === 'object' ? (part.then.required ?? []) : [];
    return fields.length === 0 ? [] : [{ when: part.if, fields, needed }];
  });
}

/** A value without what the form does not show with it, however deep. */
export function shownPart(schema: RJSFSchema, value: Json): Json {
  const { items, properties } = schema;
  if (Array.isArray(value)) {
    return typeof items === 'object' && !Array.isArray(items) ? value.map((item: Json) => shownPart(items, item)) : value;
  }
  if (typeof value !== 'object' || value === null || !properties) return value;
  const hidden = new Set(conditionsOf(schema).flatMap(({ when, fields }) => (fits(when, value) ? [] : fields)));
  const kept = Object.entries(value).filter(([name]) => !hidden.has(name));
  const seen = Object.fromEntries(kept.map(([name, inner]) => [name, shownPart(partOf(properties[name]), inner)]));
  // What was taken away may have been the condition of something else.
  return hidden.size > 0 && kept.length < Object.keys(value).length ? shownPart(schema, seen) : seen;
}

/** A value of the form, and the part of it that was shown. */
export interface Filled {
  readonly whole: Json;
  readonly shown: Json;
}

/**
 * A value with what the form held in fields that it no longer shows, or shows again: the form library forgets it. Items of lists keep
 * nothing, because they move.
 */
export function withHidden(schema: RJSFSchema, next: Json, { whole, shown }: Filled): Json {
  if (!isRecord(next) || !isRecord(whole)) return next;
  const before = isRecord(shown) ? shown : {};
  const kept = conditionsOf(schema).flatMap(({ when, fields }) => {
    const isShown = fits(when, next);
    return fields.filter((name) => next[name] === undefined && whole[name] !== undefined && (!isShown || before[name] === undefined));
  });
  const inner = Object.entries(next).map(([name, value]) => {
    const held = { whole: whole[name] ?? null, shown: before[name] ?? null };
    return [name, withHidden(partOf(schema.properties?.[name]), value, held)] as const;
  });
  return Object.fromEntries([...inner, ...kept.map((name) => [name, whole[name] ?? null] as const)]);
}

function partOf(part: RJSFSchema | boolean | undefined): RJSFSchema {
  return typeof part === 'object' ? part : {};
}
