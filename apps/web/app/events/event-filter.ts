// The filter of the events, as it stands in the address: /events?name=strike.reviewed&key=r1&run=...
import type { VariablesOf } from '../graphql.js';
import { withoutEmpty, wordOf } from '../list/search-words.js';
import { anyText, understood } from '../list/understood.js';
import type { EventsQuery } from './events.query.js';

export interface EventFilter {
  readonly name?: string;
  /** The idempotency key. */
  readonly key?: string;
  /** Emitted by this run, or delivered to it. */
  readonly run?: string;
}

const FIELDS = ['name', 'key', 'run'] as const;

/** Keeps what is a filter and not empty. */
export function readEventFilter(search: Readonly<Record<string, unknown>>): EventFilter {
  return withoutEmpty({ name: wordOf(search, 'name'), key: wordOf(search, 'key'), run: wordOf(search, 'run') });
}

export const EVENTS_ADDRESS = understood(readEventFilter, { name: anyText, key: anyText, run: anyText });

export function isFiltered(filter: EventFilter): boolean {
  return FIELDS.some((field) => filter[field] !== undefined);
}

export function toEventFilter({ name, key, run }: EventFilter): NonNullable<VariablesOf<typeof EventsQuery>['filter']> {
  return { ...(name ? { name } : {}), ...(key ? { idempotencyKey: key } : {}), ...(run ? { runId: run } : {}) };
}
