import { formatInstantShortly } from './format-instant.js';

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z/g;

/** A sentence of the server, which knows no zone, with its instants as whoever looks has them. */
export function withLocalTimes(text: string): string {
  return text.replace(INSTANT, formatInstantShortly);
}
