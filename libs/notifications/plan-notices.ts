/**
 * Whom to tell of what has happened to tasks. Whose a task is, is read when it is told and not when it happened: who has it no longer is
 * not told that he has it. A task that names nobody is everybody's, and nobody is told of it. Who did something is not told of it. Of a
 * comment those are told whom it mentions, and who has the task, has decided it or has spoken about it, also when it is decided. Of a task
 * that nobody may decide any more operators are told, also who of them has left it so: nobody else would be.
 */
import { type Actor, isDecidable } from '@stepwell/contracts';
import {
  commentsOfTasks,
  type LaterCause,
  leftToNobody,
  type NewNotice,
  type NoticeCauseRow,
  operators,
  peopleToTell,
  type PersonToTell,
  readTasks,
  type Sql,
  type TaskRecord,
} from '@stepwell/storage';
import { isKeptFrom } from './kept-from.js';
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
    if (!task || !(isDecidable(task.status) || isOfComment(cause))) continue;
    later.push(...laterCauses(cause, task, now));
    const toldOf = new Set([cause.actor?.id]);
    for (const audience of await audiencesOf(sql, cause, task, now)) {
      for (const person of await peopleOf(audience)) {
        // Who is mentioned, and wants to be told of that, need not be told of the comment, too.
        if (toldOf.has(person.id) || !preferencesOf(person).kinds.includes(audience.kind)) continue;
        if (isKeptFrom(task, person.id, audience.kind)) continue;
        toldOf.add(person.id);
        notices.push(...noticesFor(person, cause, audience.kind, channels, now));
      }
    }
  }
  return { notices, later };
}

async function audiencesOf(sql: Sql, cause: NoticeCauseRow, task: TaskRecord, now: Date): Promise<readonly Audience[]> {
  if (isOfComment(cause)) return audiencesOfComment(sql, cause, task);
  if (cause.kind !== 'nobody-left') return audienceOf(cause, task, now) ?? [];
  const { tenant, kind } = cause;
  return (await leftToNobody(sql, tenant, [task.id])).has(task.id) ? [{ kind, names: [], ids: await operators(sql, tenant) }] : [];
}

function audienceOf({ kind, details, dueAt }: NoticeCauseRow, task: TaskRecord, now: Date): readonly Audience[] | undefined {
  const candidates = [...(task.candidate_users ?? []), ...(task.candidate_groups ?? [])];
  const owners = task.assignee === null ? candidates : [task.assignee];
  switch (kind) {
    case 'opened':
    case 'reassigned':
    case 'delegated':
      return [{ kind: task.assignee === null ? 'opened' : 'assigned', names: owners, ids: [] }];
    case 'escalated':
      return [{ kind, names: namesIn(details, 'names'), ids: [] }];
    case 'due-soon':
    case 'overdue':
      // Another time was set meanwhile: it has a cause of its own.
      if (task.due_at === null || task.due_at.getTime() - (kind === 'overdue' ? 0 : SOON_MS) > Math.max(now.getTime(), dueAt.getTime()))
        return undefined;
      // A claim that has lapsed, or is a program's, leaves it with those whose task it is.
      return [task.claimed_by?.kind === 'user' ? { kind, names: [], ids: [task.claimed_by.id] } : { kind, names: owners, ids: [] }];
    case 'nobody-left':
    case 'commented':
    case 'comment-edited':
      return undefined;
  }
}

function isOfComment({ kind }: NoticeCauseRow): boolean {
  return kind === 'commented' || kind === 'comment-edited';
}

/** Another text of a comment is told only to those whom it mentions for the first time. */
async function audiencesOfComment(sql: Sql, { tenant, kind, details }: NoticeCauseRow, task: TaskRecord): Promise<readonly Audience[]> {
  const mentioned: Audience = { kind: 'comment.mentioned', names: namesIn(details, 'mentions'), ids: [] };
  if (kind === 'comment-edited') return [mentioned];
  const spoke = (await commentsOfTasks(sql, tenant, [task.id])).map(({ author }) => author);
  const followers = [...spoke, task.claimed_by, task.decided_by].flatMap((actor) => (actor?.kind === 'user' ? [actor.id] : []));
  const names = task.assignee === null ? [] : [task.assignee];
  return [mentioned, { kind: 'comment.added', names, ids: [...new Set(followers)] }];
}

/** What a step of an escalation, or a comment, has in its entry of the history. */
function namesIn(details: NoticeCauseRow['details'], key: 'names' | 'mentions'): readonly string[] {
  const names = ((details ?? {}) as Readonly<Record<string, unknown>>)[key];
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
  const wanted = channels.filter((channel) => preferences.channels.includes(channel) && (channel !== 'mail' || person.address !== null));
  const { note: said, text } = (details ?? {}) as { readonly note?: unknown; readonly text?: unknown };
  const note = said ?? text;
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
