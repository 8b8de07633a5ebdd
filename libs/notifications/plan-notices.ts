/**
 * Whom to tell of what has happened to tasks. Whose a task is, is read when it is told and not when it happened: who has it no longer is
 * not told that he has it. A task that names nobody is everybody's, and nobody is told of it. Who did something is not told of it.
 */
import { type Actor, isDecidable } from '@stepwell/contracts';
import {
  type LaterCause,
  type NewNotice,
  type NoticeCauseRow,
  peopleToTell,
  type PersonToTell,
  readTasks,
  type Sql,
  type TaskRecord,
} from '@stepwell/storage';
import type { ChannelName, NoticeKind } from './notification-options.js';
import { preferencesOf } from './preferences.js';
import { tellingTime } from './telling-time.js';

/** How long before it is due. */
const SOON_MS = 3_600_000;
/** Of one task: a group of more has somebody who looks into the inbox. */
const MOST_PEOPLE = 200;

export interface Plan {
  readonly notices: readonly NewNotice[];
  /** To be looked at when it is their time. */
  readonly later: readonly LaterCause[];
}

interface Audience {
  readonly kind: NoticeKind;
  /** Of people or groups. */
  readonly names: readonly string[];
  readonly ids: readonly string[];
}

/** @param causes of one tenant */
export async function planNotices(
  sql: Sql,
  tenant: string,
  causes: readonly NoticeCauseRow[],
  channels: readonly ChannelName[],
  now: Date,
): Promise<Plan> {
  const tasks = new Map((await readTasks(sql, tenant, [...new Set(causes.map(({ taskId }) => taskId))])).map((task) => [task.id, task]));
  const notices: NewNotice[] = [];
  const later: LaterCause[] = [];
  // A burst of tasks is for few people.
  const told = new Map<string, Promise<readonly PersonToTell[]>>();
  const peopleOf = ({ names, ids }: Audience): Promise<readonly PersonToTell[]> => {
    const key = JSON.stringify([names, ids]);
    const people = told.get(key) ?? peopleToTell(sql, tenant, names, ids, MOST_PEOPLE);
    told.set(key, people);
    return people;
  };
  for (const cause of causes) {
    const task = tasks.get(cause.taskId);
    if (!task || !isDecidable(task.status)) continue;
    later.push(...laterCauses(cause, task, now));
    const audience = audienceOf(cause, task, now);
    if (!audience) continue;
    for (const person of await peopleOf(audience))
      if (person.id !== cause.actor?.id) notices.push(...noticesFor(person, cause, audience.kind, channels, now));
  }
  return { notices, later };
}

function audienceOf({ kind, details, dueAt }: NoticeCauseRow, task: TaskRecord, now: Date): Audience | undefined {
  const candidates = [...(task.candidate_users ?? []), ...(task.candidate_groups ?? [])];
  const owners = task.assignee === null ? candidates : [task.assignee];
  switch (kind) {
    case 'opened':
    case 'reassigned':
    case 'delegated':
      return { kind: task.assignee === null ? 'opened' : 'assigned', names: owners, ids: [] };
    case 'escalated':
      return { kind, names: namesIn(details), ids: [] };
    case 'due-soon':
    case 'overdue':
      // Another time was set meanwhile: it has a cause of its own.
      if (task.due_at === null || task.due_at.getTime() - (kind === 'overdue' ? 0 : SOON_MS) > Math.max(now.getTime(), dueAt.getTime()))
        return undefined;
      // A claim that has lapsed, or is a program's, leaves it with those whose task it is.
      return task.claimed_by?.kind === 'user' ? { kind, names: [], ids: [task.claimed_by.id] } : { kind, names: owners, ids: [] };
  }
}

/** What a step of an escalation has in its entry of the history. */
function namesIn(details: NoticeCauseRow['details']): readonly string[] {
  const { names } = (details ?? {}) as { readonly names?: unknown };
  return Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : [];
}

/** When a task opens it is known when it is due: then, and an hour before, it is looked at again. */
function laterCauses({ tenant, kind, taskId }: NoticeCauseRow, { due_at: dueAt }: TaskRecord, now: Date): readonly LaterCause[] {
  if (kind !== 'opened' || dueAt === null) return [];
  const soon: LaterCause = { tenant, taskId, kind: 'due-soon', dueAt: new Date(dueAt.getTime() - SOON_MS) };
  // Who is told that it is his need not be told a moment later that it is due.
  return [...(soon.dueAt > now ? [soon] : []), { tenant, taskId, kind: 'overdue', dueAt }];
}

function noticesFor(
  person: PersonToTell,
  { tenant, taskId, actor, details, dueAt }: NoticeCauseRow,
  kind: NoticeKind,
  channels: readonly ChannelName[],
  now: Date,
): readonly NewNotice[] {
  const preferences = preferencesOf(person);
  if (!preferences.kinds.includes(kind)) return [];
  const wanted = channels.filter((channel) => preferences.channels.includes(channel) && (channel !== 'mail' || person.address !== null));
  const { note } = (details ?? {}) as { readonly note?: unknown };
  return wanted.map((channel) => ({
    ...{ tenant, userId: person.id, channel, kind, taskId, actor: shown(actor) },
    note: typeof note === 'string' ? note : null,
    at: dueAt,
    sendAt: tellingTime(preferences, now),
  }));
}

function shown(actor: Actor | null): Actor | null {
  return actor?.kind === 'user' ? actor : null;
}
