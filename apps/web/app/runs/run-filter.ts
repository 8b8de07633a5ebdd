// The filter of the runs, as it stands in the address: /runs?status=waiting,failed&workflow=strike-review&by=api&since=24h&q=web-17
import type { VariablesOf } from '../graphql.js';
import { withoutEmpty, wordOf } from '../list/search-words.js';
import { anyInstant, anyText, oneOf, understood } from '../list/understood.js';
import type { RunsQuery } from './runs.query.js';

export const RUN_STATUSES = ['queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'canceled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const STARTERS = ['api', 'event', 'schedule', 'emitter', 'parent'] as const;

const HOUR = 3_600_000;
/** Spans that end now, in milliseconds. */
export const SPANS = { '1h': HOUR, '24h': 24 * HOUR, '7d': 7 * 24 * HOUR, '30d': 30 * 24 * HOUR } as const;
export type Span = keyof typeof SPANS;
const SPAN_NAMES = Object.keys(SPANS) as Span[];

export interface RunFilter {
  /** Comma-separated, in the order of RUN_STATUSES; absent: all. */
  readonly status?: string;
  readonly workflow?: string;
  readonly by?: string;
  /** The name of a session. */
  readonly session?: string;
  /** What it waits for; then `status` says nothing more. */
  readonly waits?: string;
  /** How far back from now. */
  readonly since?: Span;
  /** Created between these instants, ISO 8601; only without `since`. */
  readonly from?: string;
  readonly until?: string;
  /** An id, the beginning or the end of one, or a key. */
  readonly q?: string;
}

export function readRunFilter(search: Record<string, unknown>): RunFilter {
  const word = (key: string) => wordOf(search, key);
  const instant = (key: string) => (Number.isNaN(Date.parse(word(key))) ? '' : new Date(word(key)).toISOString());
  const waits = /^[a-z-]+$/.test(word('waits')) ? word('waits') : '';
  const since: Span | '' = SPAN_NAMES.find((span) => span === word('since')) ?? '';
  return withoutEmpty({
    status: waits ? '' : writeStatuses(readStatuses(word('status'))),
    workflow: word('workflow'),
    session: word('session'),
    by: STARTERS.find((starter) => starter === word('by')) ?? '',
    waits,
    since,
    from: since ? '' : instant('from'),
    until: since ? '' : instant('until'),
    q: word('q'),
  });
}

/** Of times, as other lists have them, too. */
export const TIME_CHECKS = { since: oneOf(SPAN_NAMES), from: anyInstant, until: anyInstant };

export const RUNS_ADDRESS = understood(readRunFilter, {
  ...TIME_CHECKS,
  status: (word) => word.split(',').every((one) => one === '' || RUN_STATUSES.some((status) => status === one)),
  workflow: anyText,
  by: oneOf(STARTERS),
  session: anyText,
  waits: (word) => /^[a-z-]+$/.test(word),
  q: anyText,
});

export function readStatuses(text: string | undefined): readonly RunStatus[] {
  const words = new Set(text?.split(','));
  return RUN_STATUSES.filter((status) => words.has(status));
}

export function writeStatuses(statuses: readonly string[]): string {
  return RUN_STATUSES.filter((status) => statuses.includes(status)).join(',');
}

export function isFiltered(filter: RunFilter): boolean {
  return Object.keys(filter).length > 0;
}

export type RunListFilter = NonNullable<VariablesOf<typeof RunsQuery>['filter']>;

/** @param now what `since` counts back from, in milliseconds */
export function toRunFilter({ status, workflow, by, session, waits, since, from, until, q }: RunFilter, now: number): RunListFilter {
  const statuses = readStatuses(status);
  return {
    ...(statuses.length > 0 ? { status: [...statuses] } : {}),
    ...(workflow ? { workflow } : {}),
    ...(by ? { startedBy: [by] } : {}),
    ...(session ? { session } : {}),
    ...(waits ? { waitReason: waits } : {}),
    ...(since ? { createdFrom: new Date(now - SPANS[since]).toISOString() } : {}),
    ...(from ? { createdFrom: from } : {}),
    ...(until ? { createdBefore: until } : {}),
    ...(q ? { search: q } : {}),
  };
}
