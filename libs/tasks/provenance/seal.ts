/**
 * What a seal is: a hash over the place in the chain, the hash before it, and the hash of the record. With a key it is an HMAC, so that
 * whoever can write to the database, and has not the key, cannot make one.
 */
import { createHash, createHmac } from 'node:crypto';
import { canonicalText } from './canonical-hash.js';

export interface SealedFacts {
  readonly tenant: string;
  readonly seq: number;
  /** Hash of the seal before; null for the first. */
  readonly previous: string | null;
  readonly id: string;
  readonly task: string;
  /** SHA-256 of the record. */
  readonly content: string;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly sealedAt: string;
}

export interface SealKey {
  /** Names the key and tells nothing of it. */
  readonly id: string;
  readonly secret: string;
}

/** @param text keys with commas between them, the newest first; undefined for none */
export function sealKeys(text: string | undefined): readonly SealKey[] {
  const secrets = (text ?? '').split(',').map((part) => part.trim());
  return secrets
    .filter(Boolean)
    .map((secret) => ({ id: createHmac('sha256', secret).update('stepwell seal').digest('hex').slice(0, 8), secret }));
}

/** @returns 64 hexadecimal digits */
export function sealHash(facts: SealedFacts, key: SealKey | undefined): string {
  const hash = key ? createHmac('sha256', key.secret) : createHash('sha256');
  return hash.update(canonicalText({ ...facts })).digest('hex');
}
