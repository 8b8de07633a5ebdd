// The filter of the dead letters, as it stands in the address: /dead-letters?workflow=payout&code=STEP_FAILED&since=24h
import type { VariablesOf } from '../graphql.js';
import { withoutEmpty, wordOf } from '../list/search-words.js';
import { anyText, understood } from '../list/understood.js';
import { readRunFilter, SPANS, TIME_CHECKS, type Span } from '../runs/run-filter.js';
import type { DeadLettersQuery } from './dead-letters.query.js';

export interface LetterFilter {
  readonly workflow?: string;
  /** The code of the error. */
  readonly code?: string;
  /** How far back from now it failed. */
  readonly since?: Span;
  /** Failed between these instants, ISO 8601; only without `since`. */
  readonly from?: string;
  readonly until?: string;
}

export type StoredLetterFilter = NonNullable<VariablesOf<typeof DeadLettersQuery>['filter']>;

/** Keeps what is a filter and not empty; times as those of the runs. */
export function readLetterFilter(search: Readonly<Record<string, unknown>>): LetterFilter {
  const { workflow, since, from, until } = readRunFilter(search);
  return withoutEmpty({ workflow, code: wordOf(search, 'code'), since, from, until });
}

export const LETTERS_ADDRESS = understood(readLetterFilter, { ...TIME_CHECKS, workflow: anyText, code: anyText });

/** @param now what `since` counts back from, in milliseconds */
export function toLetterFilter({ workflow, code, since, from, until }: LetterFilter, now: number): StoredLetterFilter {
  return {
    ...(workflow ? { workflow } : {}),
    ...(code ? { errorCode: code } : {}),
    ...(since ? { failedFrom: new Date(now - SPANS[since]).toISOString() } : {}),
    ...(from ? { failedFrom: from } : {}),
    ...(until ? { failedBefore: until } : {}),
  };
}
