// A document as it stands in JSON: what it is called, and where to ask for it. Exactly this shape is one, here as on the server.
import type { Json } from '../graphql.js';
import { readingOrder } from '../values/reading-order.js';
import { isRecord, isScalar } from '../values/shape.js';

export type DocumentReference = { readonly id: string; readonly fileName: string };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isDocumentReference(value: Json): value is { id: string; fileName: string } {
  if (!isRecord(value) || Object.keys(value).length !== 2) return false;
  const { id, fileName } = value;
  return typeof id === 'string' && UUID.test(id) && typeof fileName === 'string' && fileName !== '';
}

/** Every document that a value names, once, in the order in which the value is read. */
export function documentsIn(value: Json | null): readonly DocumentReference[] {
  const found = new Map<string, DocumentReference>();
  const look = (part: Json): void => {
    if (isScalar(part)) return;
    if (isDocumentReference(part)) {
      if (!found.has(part.id)) found.set(part.id, part);
    } else if (isRecord(part)) readingOrder(part).forEach(([, inner]) => look(inner));
    else part.forEach(look);
  };
  look(value);
  return [...found.values()];
}
