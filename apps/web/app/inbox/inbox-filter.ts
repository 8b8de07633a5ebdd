// The filter of the inbox, as it stands in the address, and nowhere else: /inbox?show=mine&workflow=strike-review&due=today. What the page
// does not understand is told, and then nothing is shown: never everything.
import type { VariablesOf } from '../graphql.js';
import type { InboxQuery } from './inbox.query.js';

export const TASK_ORDERS = ['priority', 'due', 'opened', 'newest'] as const;
export type TaskOrder = (typeof TASK_ORDERS)[number];
export const TIME_WINDOWS = ['overdue', 'today', 'week', 'none'] as const;
type TimeWindow = (typeof TIME_WINDOWS)[number];

export interface InboxFilter {
  /** Absent: everything that waits for a person. */
  readonly show?: 'mine' | 'groups' | 'decided';
  readonly workflow?: string;
  /** `me`, `nobody`, or `user:` and a name. */
  readonly assignee?: string;
  readonly group?: string;
  /** A window, or days: `2026-03-01..2026-03-07`, either of which may be left out. */
  readonly due?: string;
  readonly followUp?: string;
  /** `1..5`, either of which may be left out. */
  readonly priority?: string;
  /** Columns and their values. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Absent: by priority, ended ones newest first. */
  readonly order?: TaskOrder;
  /** A saved view, by its id, and then nothing else. */
  readonly view?: string;
  /** The saved view that the other conditions were changed from; no condition itself. */
  readonly from?: string;
  /** What of the address is not understood. */
  readonly problem?: string;
}

/** As the server is asked for it. */
export type Listing = Pick<VariablesOf<typeof InboxQuery>, 'filter' | 'order' | 'timeZone' | 'view'>;

const SHOWS: readonly unknown[] = ['mine', 'groups', 'decided'];
const DAYS = /^(?:\d{4}-\d\d-\d\d)?\.\.(?:\d{4}-\d\d-\d\d)?$/;
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTimes = (value: unknown) =>
  isText(value) && ((TIME_WINDOWS as readonly string[]).includes(value) || (DAYS.test(value) && value !== '..'));

/** What each key may hold. */
const KEYS: Readonly<Record<Exclude<keyof InboxFilter, 'problem'>, (value: unknown) => boolean>> = {
  show: (value) => SHOWS.includes(value),
  workflow: isText,
  assignee: (value) => value === 'me' || value === 'nobody' || (isText(value) && /^user:./.test(value)),
  group: isText,
  due: isTimes,
  followUp: isTimes,
  priority: (value) => isText(value) && /^(?:-?\d{1,9})?\.\.(?:-?\d{1,9})?$/.test(value) && value !== '..',
  columns: (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((one) => typeof one === 'string'),
  order: (value) => (TASK_ORDERS as readonly unknown[]).includes(value),
  view: isText,
  from: isText,
};

export function readInboxFilter(search: Record<string, unknown>): InboxFilter {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined);
  const strange = entries.find(([key, value]) => !(key in KEYS && KEYS[key as keyof typeof KEYS](value)));
  const understood = Object.fromEntries(entries.filter((entry) => entry !== strange && entry[0] in KEYS)) as InboxFilter;
  // What was found before stays one: the browser has the address without the value since.
  if (strange) return { ...understood, problem: strange[0] === 'problem' && isText(strange[1]) ? strange[1] : strange[0] };
  return understood.view !== undefined && entries.length > 1 ? { ...understood, problem: 'view' } : understood;
}

/** Without what is absent, as it goes into the address. */
export function changed(filter: InboxFilter, change: { readonly [Key in keyof InboxFilter]?: InboxFilter[Key] | undefined }): InboxFilter {
  return Object.fromEntries(Object.entries({ ...filter, ...change }).filter(([, value]) => value !== undefined));
}

/** What the server is asked for. With a problem: nothing. */
export function toListing(of: InboxFilter): Listing {
  const { show, workflow, assignee, group, due, followUp, priority, columns, order, view, problem } = of;
  if (problem !== undefined) return { filter: { status: [] } };
  if (view !== undefined) return { view, timeZone: timeZone() };
  const [min, max] = priority?.split('..').map((one) => (one === '' ? null : Number(one))) ?? [];
  return {
    filter: {
      ...(show === 'mine' ? { mine: true } : {}),
      ...(show === 'groups' ? { myGroups: true } : {}),
      ...(show === 'decided' ? { status: ['completed', 'canceled', 'expired'] as const } : {}),
      ...(workflow ? { workflow } : {}),
      ...(assignee ? { assignee: toAssignee(assignee) } : {}),
      ...(group ? { group } : {}),
      ...(due ? { due: toTimes(due) } : {}),
      ...(followUp ? { followUp: toTimes(followUp) } : {}),
      ...(priority ? { priority: { min: min ?? null, max: max ?? null } } : {}),
      ...(columns ? { columns: Object.entries(columns).map(([name, value]) => ({ name, value })) } : {}),
    },
    ...(order ? { order } : {}),
    ...(due || followUp ? { timeZone: timeZone() } : {}),
  };
}

/** Among what the next task is looked for, and in which order: what waits. */
export function toNextListing({ show, ...filter }: InboxFilter): Listing {
  return toListing(show === 'groups' ? { show, ...filter } : filter);
}

/** Whether the list shows all among what the next task is looked for: what is mine and what is decided is another list. */
export function showsWhereNextIs({ show }: InboxFilter): boolean {
  return show === undefined || show === 'groups';
}

export function isFiltered({ order: _, from: __, ...filter }: InboxFilter): boolean {
  return Object.keys(filter).length > 0;
}

export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function toAssignee(assignee: string) {
  if (assignee === 'me') return { me: true };
  return assignee === 'nobody' ? { nobody: true } : { name: assignee.slice('user:'.length) };
}

function toTimes(times: string) {
  const [from = '', until] = times.split('..');
  if (until === undefined) return { is: times as TimeWindow };
  return {
    ...(from === '' ? {} : { from: startOfDay(from, 0) }),
    ...(until === '' ? {} : { until: startOfDay(until, 1) }),
  };
}

/** In the zone of whoever looks. */
function startOfDay(day: string, later: 0 | 1): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
