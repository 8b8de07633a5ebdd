import type { FieldError, JsonObject } from '@stepwell/contracts';
import type { Runs } from './results.js';
import type { Type } from './type.js';

/** Some fields of an answer, also of the objects and lists in it. */
// Asked of `any` as of anything else, the type would follow itself into endless depth.
export type PartOf<T> = 0 extends 1 & T
  ? T
  : T extends readonly (infer Item)[]
    ? readonly PartOf<Item>[]
    : T extends object
      ? { readonly [Field in keyof T]?: PartOf<T[Field]> }
      : T;

/** What an earlier step recommends as the answer of a screen: it fills the form, and the reviewer confirms or changes it field by field. */
export interface Suggestion<Answer> {
  /** What is left out stays open. */
  readonly values: PartOf<Answer>;
  /** How sure it is, from 0 to 1: of every field that `fields` does not name. Absent: nobody says. */
  readonly confidence?: number;
  /** How sure it is of single fields, and of all below them: `{ severity: 0.4, 'parts.0.cost': 0.7 }`. */
  readonly fields?: Readonly<Record<string, number>>;
  /** The step that recommends it. */
  readonly source?: Type<Runs> | string;
}

/** A suggestion as a task keeps it. */
export interface TaskSuggestion {
  readonly values: JsonObject;
  readonly confidence: number | null;
  /** By the path of the field: `parts.0.cost`. */
  readonly fields: Readonly<Record<string, number>>;
  readonly source: string | null;
  /** A value of lower confidence counts as open. */
  readonly openBelow: number;
  /** What could not be suggested, and why. A path of '' is the suggestion as a whole. */
  readonly leftOut: readonly FieldError[];
}

export function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}
