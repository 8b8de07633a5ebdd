// The filter of the events, as it stands in the address: /events?name=strike.reviewed&key=r1&run=...
import type { VariablesOf } from '../graphql.js';
import type { EventsQuery } from './events.query.js';

export interface EventFilter {
  readonly name?: string;
  /** The idempotency key. */
  readonly key?: string;
  /** Emitted by this run, or delivered to it. */
  readonly run?: string;
}

const FIELDS = ['name', 'key', 'run'] as const;

/** Keeps what is a filter and not empty. A key that looks like a number is read as one by the router, and is a text all the same. */
export function readEventFilter(search: Readonly<Record<string, unknown>>): EventFilter {
  const texts = FIELDS.map((field): [string, string] => {
    const value = search[field];
    return [field, typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''];
  });
  return Object.fromEntries(texts.filter(([, text]) => text !== ''));
}

export function isFiltered(filter: EventFilter): boolean {
  return FIELDS.some((field) => filter[field] !== undefined);
}

export function toEventFilter({ name, key, run }: EventFilter): NonNullable<VariablesOf<typeof EventsQuery>['filter']> {
  return { ...(name ? { name } : {}), ...(key ? { idempotencyKey: key } : {}), ...(run ? { runId: run } : {}) };
}
