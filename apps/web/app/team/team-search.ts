// What the team's page shows, as it stands in the address: /team?days=7d&workflow=claims&reviewer=...&clock=business
import { withoutEmpty, wordOf } from '../list/search-words.js';
import { anyText, oneOf, understood } from '../list/understood.js';
import type { TeamVariables } from './team.query.js';

/** With a unit: the router puts a text of digits into quotes. */
export const SPANS = ['7d', '30d', '90d'] as const;
export type Span = (typeof SPANS)[number];

/** By which clock the chart of the times counts. */
export const CLOCKS = ['opened', 'taken', 'business'] as const;
export type ClockName = (typeof CLOCKS)[number];

export interface TeamSearch {
  /** Up to today; absent: 30d. */
  readonly days?: Span;
  /** Local days, both included; only both, and without `days`. */
  readonly from?: string;
  readonly to?: string;
  readonly workflow?: string;
  readonly screen?: string;
  /** Of an actor. */
  readonly reviewer?: string;
  /** Absent: opened. */
  readonly clock?: ClockName;
}

const DEFAULT_SPAN = '30d';
const DEFAULT_CLOCK = 'opened';

export function readTeamSearch(search: Readonly<Record<string, unknown>>): TeamSearch {
  const word = (key: string) => wordOf(search, key);
  const [from, to] = [dayOf(word('from')), dayOf(word('to'))];
  const isRange = from !== '' && to !== '' && from <= to;
  const span = SPANS.find((one) => one === word('days')) ?? DEFAULT_SPAN;
  const days: Span | '' = isRange || span === DEFAULT_SPAN ? '' : span;
  const clock: ClockName | '' = CLOCKS.find((name) => name !== DEFAULT_CLOCK && name === word('clock')) ?? '';
  return withoutEmpty({
    ...{ days, from: isRange ? from : '', to: isRange ? to : '', clock },
    ...{ workflow: word('workflow'), screen: word('screen'), reviewer: word('reviewer') },
  });
}

/** As many days as the server counts at a time. */
const MOST_DAYS = 366;
const DAY_MS = 86_400_000;

/** @returns a sentence when the server would count nothing between these days */
export function periodProblem(from: string, to: string, today = new Date()): string | undefined {
  if (dayOf(from) === '' || dayOf(to) === '') return 'Needs two days.';
  if (from > to) return 'Before the first day.';
  const now = [today.getFullYear(), today.getMonth() + 1, today.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
  if (from > now) return 'Still to come.';
  const last = to < now ? to : now;
  return (Date.parse(last) - Date.parse(from)) / DAY_MS < MOST_DAYS ? undefined : `At most ${MOST_DAYS} days.`;
}

const readTeamAddress = understood(readTeamSearch, {
  days: oneOf(SPANS),
  from: (word) => dayOf(word) !== '',
  to: (word) => dayOf(word) !== '',
  clock: oneOf(CLOCKS),
  workflow: anyText,
  screen: anyText,
  reviewer: anyText,
});

export function TEAM_ADDRESS(search: Record<string, unknown>): ReturnType<typeof readTeamAddress> {
  const found = readTeamAddress(search);
  const [from, to] = [wordOf(search, 'from'), wordOf(search, 'to')];
  const isWrong = from + to !== '' && periodProblem(from, to) !== undefined;
  return found.problem === undefined && isWrong ? { ...found, problem: 'from' } : found;
}

/** @param zone of the viewer */
export function toTeamVariables(search: TeamSearch, zone: string): TeamVariables {
  const { from, to, workflow, screen, reviewer } = search;
  return {
    period: from !== undefined && to !== undefined ? { zone, from, to } : { zone, days: Number.parseInt(spanOf(search), 10) },
    filter: withoutEmpty({ workflow, screen, reviewer }),
  };
}

/** Where the same figures are as a file. */
export function csvAddress(table: string, search: TeamSearch, zone: string): string {
  const { period, filter } = toTeamVariables(search, zone);
  const words = Object.entries({ ...period, ...filter, bom: '1' }).map(([name, value]) => [name, String(value)]);
  return `/team/${table}.csv?${new URLSearchParams(words).toString()}`;
}

export function spanOf({ days }: TeamSearch): Span {
  return days ?? DEFAULT_SPAN;
}

export function isFiltered({ workflow, screen, reviewer }: TeamSearch): boolean {
  return (workflow ?? screen ?? reviewer) !== undefined;
}

function dayOf(text: string): string {
  // February has no 30th, whatever the browser makes of it.
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? text : '';
}
