/**
 * Where in a document the value of a field was found. It goes into the props of a screen under the name `evidence`; the page then lights up
 * the place while a reviewer is in that field, and leads from the place to the field.
 */
import { type Json, type JsonObject, StepwellError } from '@stepwell/contracts';
import { isDocumentReference } from './document-fields.js';
import type { DocumentReference } from './documents.js';
import { formSchemaOf } from './form-schema.js';
import type { Type } from './type.js';

/** Left, top, width and height, as fractions (0 to 1) of the page as it is shown, from its upper left corner. */
export type EvidenceBox = readonly [left: number, top: number, width: number, height: number];

export interface FoundAt {
  readonly document: DocumentReference;
  /** From 1, which is also the default. A picture has one. */
  readonly page?: number;
  readonly box: EvidenceBox;
}

/** What the page reads: places by field. */
export type Evidence = { readonly [field: string]: readonly Required<FoundAt>[] };

/** A field of the answer, or a path into it: `total`, `parts.0.cost`. */
export type FieldPath<Answer> = (keyof Answer & string) | `${keyof Answer & string}.${string}`;

/** Readers of documents round their numbers: so much over the edge of a page is its edge. */
const TOLERANCE = 0.005;

/**
 * @param answer the class of the screen's answer, which has the fields
 * @param found one place or several for each field, the most telling first; fields without any are left out
 * @throws StepwellError EVIDENCE_INVALID when there is no such field, document, page or box
 */
export function evidence<Answer extends object>(
  answer: Type<Answer>,
  found: { readonly [path in FieldPath<Answer>]?: FoundAt | readonly FoundAt[] | undefined },
): Evidence {
  const schema = formSchemaOf(answer);
  const fields = Object.entries(found as Readonly<Record<string, FoundAt | readonly FoundAt[] | undefined>>);
  const entries = fields.map(([path, places = []]) => {
    const refuse = (reason: string): never => {
      throw new StepwellError('EVIDENCE_INVALID', { path, reason });
    };
    if (!hasField(schema, path.split('.'))) refuse(`${answer.name} has no such field`);
    return [path, [places].flat().map((place) => checked(place, refuse))] as const;
  });
  return Object.fromEntries(entries.filter(([, places]) => places.length > 0));
}

function hasField(schema: Json | undefined, [first, ...rest]: readonly string[]): boolean {
  if (!isObject(schema)) return false;
  if (first === undefined) return true;
  const { properties, items } = schema;
  if (isObject(properties)) return Object.hasOwn(properties, first) && hasField(properties[first], rest);
  return /^\d+$/.test(first) && hasField(items, rest);
}

function checked({ document, page = 1, box }: FoundAt, refuse: (reason: string) => never): Required<FoundAt> {
  if (!isDocumentReference(document)) refuse('its document is none: { id, fileName }');
  if (!Number.isInteger(page) || page < 1) refuse(`page ${page} is none; the first one is 1`);
  const isBox = Array.isArray(box) && box.length === 4 && box.every((side) => Number.isFinite(side));
  if (!isBox) refuse(`its box is ${JSON.stringify(box)}, and not [left, top, width, height]`);
  const [left, top, width, height] = box;
  const isInside = left >= -TOLERANCE && top >= -TOLERANCE && left + width <= 1 + TOLERANCE && top + height <= 1 + TOLERANCE;
  if (!isInside || width <= 0 || height <= 0)
    refuse(`its box ${JSON.stringify(box)} is not inside of the page: fractions of it are asked for, from 0 to 1`);
  const [x, y] = [Math.max(0, left), Math.max(0, top)];
  return { document, page, box: [x, y, Math.min(1 - x, width - (x - left)), Math.min(1 - y, height - (y - top))] };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
