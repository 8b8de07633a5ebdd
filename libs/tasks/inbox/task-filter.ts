/**
 * The filter of the inbox, as people and saved views write it: checked here once, for whatever is shown, counted or handed out by it. What
 * is not understood is refused and never left out, for a filter that has lost a condition shows what nobody asked for.
 */
import { type Actor, findNonJson, isDecidable, refusedField, type StepwellError, TaskStatus } from '@stepwell/contracts';
import { utcInstant } from '@stepwell/sdk';
import type { TaskHolder, TaskListFilter, TaskOrder, TaskTimes } from '@stepwell/storage';
import { IANAZone } from 'luxon';

const TASK_WINDOWS = ['overdue', 'today', 'week', 'none'] as const;
export type TaskWindow = (typeof TASK_WINDOWS)[number];

/** One of the windows, or a range of instants (ISO 8601, the end not in it). */
export interface TaskTimesFilter {
  readonly is?: TaskWindow | null;
  readonly from?: string | null;
  readonly until?: string | null;
}

export interface TaskFilter {
  /** Default: open and claimed. With an ended status among them the list is newest first. */
  readonly status?: readonly TaskStatus[] | null;
  readonly workflow?: string | null;
  /** Only what the viewer holds, is assigned, or has decided. */
  readonly mine?: boolean | null;
  /** Whose it is, assigned to or claimed by: exactly one of them. */
  readonly assignee?: { readonly me?: boolean | null; readonly nobody?: boolean | null; readonly name?: string | null } | null;
  /** Only what members of this group may claim. */
  readonly group?: string | null;
  /** Only what waits for a group of the viewer's, and is nobody's yet. */
  readonly myGroups?: boolean | null;
  readonly due?: TaskTimesFilter | null;
  readonly followUp?: TaskTimesFilter | null;
  readonly priority?: { readonly min?: number | null; readonly max?: number | null } | null;
  /** All of them. */
  readonly columns?: readonly { readonly name: string; readonly value: string }[] | null;
}

export interface TaskListing {
  readonly filter?: TaskFilter | null | undefined;
  /** Default: what waits by priority, lists with ended ones newest first. */
  readonly order?: TaskOrder | null | undefined;
  /** Whose days and weeks are meant: an IANA name; default UTC. */
  readonly timeZone?: string | null | undefined;
  readonly viewer: Actor | null;
}

const KEYS: Readonly<Record<keyof TaskFilter, true>> = {
  ...{ status: true, workflow: true, mine: true, assignee: true, group: true, myGroups: true },
  ...{ due: true, followUp: true, priority: true, columns: true },
};
const MOST_COLUMNS = 10;
const WAITING: readonly TaskStatus[] = [TaskStatus.open, TaskStatus.claimed];

/** @throws StepwellError INPUT_INVALID, with the field */
export function listingOf({ filter, order, timeZone, viewer }: TaskListing): { readonly where: TaskListFilter; readonly order: TaskOrder } {
  const zone = timeZone ?? 'UTC';
  if (!IANAZone.isValidZone(zone)) throw refusedPart('timeZone', `"${cut(zone)}" is no time zone; write one as Europe/Berlin.`);
  checkKeys('filter', filter ?? {}, Object.keys(KEYS));
  const { workflow, group, mine, myGroups, assignee, due, followUp, priority, columns } = filter ?? {};
  const status = filter?.status ?? WAITING;
  const hasEnded = !status.every(isDecidable);
  const by = order ?? (hasEnded ? 'newest' : 'priority');
  if (hasEnded && (myGroups || assignee || group))
    throw refusedPart('filter.status', 'What has ended waits for nobody: leave out it, or the assignee and the groups.');
  if (hasEnded && (by === 'priority' || by === 'due')) throw refusedPart('order', 'What has ended is listed by age only.');
  // Nobody holds the empty id, so an anonymous viewer's own list is empty.
  const viewerId = viewer?.id ?? '';
  return {
    order: by,
    where: {
      status,
      workflow: text('filter.workflow', workflow),
      group: text('filter.group', group),
      actorId: mine ? viewerId : undefined,
      groupsOf: myGroups ? viewerId : undefined,
      holder: assignee ? holderOf(assignee, viewerId) : undefined,
      due: due ? timesOf('filter.due', due, zone) : undefined,
      followUp: followUp ? timesOf('filter.followUp', followUp, zone) : undefined,
      priority: priority ? prioritiesOf(priority) : undefined,
      columns: columns ? columnsOf(columns) : undefined,
    },
  };
}

function holderOf({ me, nobody, name, ...rest }: NonNullable<TaskFilter['assignee']>, viewerId: string): TaskHolder {
  checkKeys('filter.assignee', rest, []);
  const given = [me === true, nobody === true, typeof name === 'string'].filter(Boolean).length;
  if (given !== 1) throw refusedPart('filter.assignee', 'Say one of them: me, nobody, or a name.');
  if (me) return { actorId: viewerId };
  return nobody ? 'nobody' : { name: text('filter.assignee.name', name) ?? '' };
}

function timesOf(path: string, { is, from, until, ...rest }: TaskTimesFilter, zone: string): TaskTimes {
  checkKeys(path, rest, []);
  const range = { from: instant(`${path}.from`, from), until: instant(`${path}.until`, until) };
  const isRange = range.from !== null || range.until !== null;
  if (is === null || is === undefined) {
    if (isRange) return { is: 'between', ...range };
    throw refusedPart(path, 'Say one of the windows, or from when, until when, or both.');
  }
  if (isRange) throw refusedPart(path, 'Say a window or a range, not both.');
  if (!TASK_WINDOWS.includes(is)) throw refusedPart(path, `It is one of ${TASK_WINDOWS.join(', ')}.`);
  return is === 'today' || is === 'week' ? { is, zone } : { is };
}

function instant(path: string, value: string | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  const at = utcInstant(value);
  if (at === undefined) throw refusedPart(path, 'It is no instant with its zone; write one as 2026-03-01T12:00:00Z.');
  return at;
}

function prioritiesOf({ min = null, max = null, ...rest }: NonNullable<TaskFilter['priority']>): NonNullable<TaskListFilter['priority']> {
  checkKeys('filter.priority', rest, []);
  if ((min === null && max === null) || [min, max].some((one) => one !== null && (one | 0) !== one))
    throw refusedPart('filter.priority', 'Say the lowest priority, the highest, or both, as whole numbers of 32 bits.');
  return { min, max };
}

function columnsOf(columns: NonNullable<TaskFilter['columns']>): Record<string, string> {
  const isList: boolean = Array.isArray(columns);
  if (!isList || columns.length === 0 || columns.length > MOST_COLUMNS)
    throw refusedPart('filter.columns', `Say one to ${MOST_COLUMNS} columns with their values.`);
  const found = new Map<string, string>();
  for (const { name, value, ...rest } of columns) {
    checkKeys('filter.columns', rest, []);
    found.set(text('filter.columns', name) ?? '', text('filter.columns', value) ?? '');
  }
  if (found.size < columns.length) throw refusedPart('filter.columns', 'A column is named twice; it has one value.');
  return Object.fromEntries(found);
}

/** PostgreSQL takes no NUL, nor half a character. */
function text(path: string, value: string | null | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  const bad = typeof value === 'string' ? findNonJson(value)?.reason : 'it is no text';
  if (bad !== undefined) throw refusedPart(path, `It cannot be looked for: ${bad}.`);
  return value;
}

function checkKeys(path: string, value: object, known: readonly string[]): void {
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined) throw refusedPart(path, `"${cut(strange)}" is nothing that tasks are filtered by.`);
}

function cut(value: string): string {
  return value.slice(0, 60);
}

/** A part of a filter, or of what is asked with it, as the message names it. */
export function refusedPart(path: string, message: string): StepwellError {
  return refusedField(path, message, `${path}: ${message}`);
}
