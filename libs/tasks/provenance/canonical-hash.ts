import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Json } from '@stepwell/contracts';

/** The one text of a JSON value: RFC 8785, so that others can make the same one with any library of theirs. */
export function canonicalText(value: Json): string {
  return canonicalize(value) ?? 'null';
}

/** SHA-256 of the canonical text, 64 hexadecimal digits. */
export function contentHash(value: Json): string {
  return createHash('sha256').update(canonicalText(value)).digest('hex');
}
