// A saved view as the conditions of the page: the inverse of `toListing`.
import { readInboxFilter, toListing, type InboxFilter } from '../inbox-filter.js';
import type { InboxView } from './views.query.js';

/** As the server keeps it: what of it the page can say. */
interface KeptFilter {
  readonly mine?: unknown;
  readonly myGroups?: unknown;
  readonly status?: unknown;
  readonly workflow?: string | null;
  readonly assignee?: { readonly me?: boolean | null; readonly nobody?: boolean | null; readonly name?: string | null } | null;
  readonly group?: string | null;
  readonly due?: KeptTimes | null;
  readonly followUp?: KeptTimes | null;
  readonly priority?: { readonly min?: number | null; readonly max?: number | null } | null;
  readonly columns?: readonly { readonly name: string; readonly value: string }[] | null;
}

interface KeptTimes {
  readonly is?: string | null;
  readonly from?: string | null;
  readonly until?: string | null;
}

/**
 * @returns the conditions that ask the server for the same; undefined when the page has none that do: it was saved by the API, or with
 *   days of another zone
 */
export function toInboxFilter({ filter, order }: Pick<InboxView, 'filter' | 'order'>): InboxFilter | undefined {
  const { mine, myGroups, status, workflow, assignee, group, due, followUp, priority, columns } = filter as KeptFilter;
  const show = mine ? 'mine' : myGroups ? 'groups' : status ? 'decided' : undefined;
  const found: InboxFilter = {
    ...(show ? { show } : {}),
    ...(workflow ? { workflow } : {}),
    ...(assignee ? { assignee: assignee.me ? 'me' : assignee.nobody ? 'nobody' : `user:${assignee.name ?? ''}` } : {}),
    ...(group ? { group } : {}),
    ...(due ? { due: timesOf(due) } : {}),
    ...(followUp ? { followUp: timesOf(followUp) } : {}),
    ...(priority ? { priority: `${priority.min ?? ''}..${priority.max ?? ''}` } : {}),
    ...(columns && columns.length > 0 ? { columns: Object.fromEntries(columns.map(({ name, value }) => [name, value])) } : {}),
    ...(order ? { order: order } : {}),
  };
  // Whatever it says besides would be lost with the first change.
  const isWhole = readInboxFilter({ ...found }).problem === undefined && isSame(toListing(found).filter, filter);
  return isWhole ? found : undefined;
}

/** Whether both ask the server for the same. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

function timesOf({ is, from, until }: KeptTimes): string {
  if (is) return is;
  // What ends where a day begins ends with the day before.
  return `${from ? dayOf(Date.parse(from)) : ''}..${until ? dayOf(Date.parse(until) - 1) : ''}`;
}

/** In the zone of whoever looks. */
function dayOf(ms: number): string {
  const date = new Date(ms);
  const [month, day] = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${String(date.getFullYear()).padStart(4, '0')}-${month}-${day}`;
}

/** Without what is absent, and with keys and lists in one order: a database keeps none. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => JSON.stringify(inOrder(one))).sort();
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, one]) => one !== null && one !== undefined && one !== false)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => [key, inOrder(one)]);
}
