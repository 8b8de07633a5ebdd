// The filter of the sessions, as it stands in the address: /sessions?state=active&q=trip
import type { VariablesOf } from '../graphql.js';
import { withoutEmpty, wordOf } from '../list/search-words.js';
import { anyText, oneOf, understood } from '../list/understood.js';
import type { SessionsQuery } from './run-sessions.query.js';

export const SESSION_STATES = ['active', 'paused', 'expired', 'completed'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export interface SessionFilter {
  readonly state?: SessionState;
  /** A part of the name. */
  readonly q?: string;
}

export function readSessionFilter(search: Readonly<Record<string, unknown>>): SessionFilter {
  return withoutEmpty({ state: SESSION_STATES.find((state) => state === wordOf(search, 'state')), q: wordOf(search, 'q') });
}

export const SESSIONS_ADDRESS = understood(readSessionFilter, { state: oneOf(SESSION_STATES), q: anyText });

export function toSessionFilter({ state, q }: SessionFilter): NonNullable<VariablesOf<typeof SessionsQuery>['filter']> {
  return { ...(state ? { state } : {}), ...(q ? { search: q } : {}) };
}
