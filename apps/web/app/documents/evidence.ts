// Where in the documents of a task the values of its fields were found, as `evidence()` of the SDK puts it into the props. What has another
// shape is none, and stays among the props.
import type { Json } from '../graphql.js';
import { isEmpty, isRecord } from '../values/shape.js';
import { type DocumentReference, documentsIn, isDocumentReference } from './document-reference.js';

const NAME = 'evidence';

export type Box = readonly [left: number, top: number, width: number, height: number];

/** One place of one field. */
export interface Spot {
  readonly path: string;
  readonly document: DocumentReference;
  /** From 1. */
  readonly page: number;
  /** Fractions of the page. */
  readonly box: Box;
}

export interface ShownProps {
  /** What is left beside the evidence. */
  readonly facts: Json | null;
  readonly documents: readonly DocumentReference[];
  /** In the order of the fields, and of the places of each. */
  readonly spots: readonly Spot[];
}

/** @param props of a task */
export function shownProps(props: Json | null): ShownProps {
  const spots = props !== null && isRecord(props) ? spotsIn(props[NAME]) : [];
  const isNone = props !== null && isRecord(props) && props[NAME] !== undefined && isEmpty(props[NAME]);
  if (spots.length === 0 && !isNone) return { facts: props, documents: documentsIn(props), spots };
  const { [NAME]: _, ...facts } = props as { [key: string]: Json };
  return { facts, documents: documentsIn([facts, spots.map(({ document }) => document)]), spots };
}

function spotsIn(value: Json | undefined): readonly Spot[] {
  if (value === undefined || !isRecord(value)) return [];
  const spots = Object.entries(value).map(([path, places]) =>
    Array.isArray(places) ? places.map((place) => spotOf(path, place)) : [undefined],
  );
  return spots.flat().every((spot) => spot !== undefined) ? (spots.flat() as readonly Spot[]) : [];
}

function spotOf(path: string, place: Json): Spot | undefined {
  if (!isRecord(place)) return undefined;
  const { document, page, box } = place;
  if (document === undefined || !isDocumentReference(document) || typeof page !== 'number' || !isBox(box)) return undefined;
  return { path, document, page, box };
}

function isBox(value: Json | undefined): value is [number, number, number, number] {
  return Array.isArray(value) && value.length === 4 && value.every((side) => typeof side === 'number');
}
