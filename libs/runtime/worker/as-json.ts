import type { Json } from '@stepwell/contracts';

/** A value made of our own types: JSON by construction, with `undefined` properties dropped. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
