/** Makes the message of a notification from what is true when it is sent: of a task that is decided meanwhile nobody is told but of comments. */
import { isDecidable } from '@stepwell/contracts';
import {
  type ClaimedNotification,
  leftToNobody,
  type NoticeRow,
  noticesOf,
  peopleToTell,
  type PersonToTell,
  readPreferences,
  readTasks,
  type Sql,
  type TaskRecord,
} from '@stepwell/storage';
import type { OutgoingMessage, ToldLink, ToldNotice } from './channel.port.js';
import type { ApprovalLinks } from '@stepwell/tasks';
import { isKeptFrom } from './kept-from.js';
import type { LinkTokens } from './link-tokens.js';
import type { NoticeKind } from './notification-options.js';
import { preferencesOf } from './preferences.js';

/** More in one message nobody reads; the inbox has them. */
const MOST_NOTICES = 20;

export interface MessageParts {
  readonly sql: Sql;
  readonly tokens: LinkTokens;
  /** Makes links by which tasks are decided; without it there are none. */
  readonly links?: Pick<ApprovalLinks, 'make'> | undefined;
  /** Where people reach this installation, without a trailing slash. */
  readonly publicUrl: string;
}

/** @returns `undefined` when there is nothing left to tell, or nobody */
export async function writeMessage(parts: MessageParts, notification: ClaimedNotification): Promise<OutgoingMessage | undefined> {
  const { sql, tokens, publicUrl } = parts;
  const { tenant, id, userId, purpose, createdAt } = notification;
  const [person] = await peopleToTell(sql, tenant, [], [userId], 1);
  if (!person) return undefined;
  const content =
    purpose === 'notices' ? await noticesContent(parts, notification, person) : await verificationContent(parts, notification);
  // It was taken back meanwhile.
  if (!content || (notification.channel === 'mail' && content.address === null)) return undefined;
  return {
    ...{ id, at: createdAt },
    to: { id: userId, name: person.name, displayName: person.displayName, address: content.address, zone: preferencesOf(person).zone },
    content: content.content,
    preferencesUrl: `${publicUrl}/notifications`,
    unsubscribeUrl: `${publicUrl}/unsubscribe/${tokens.unsubscription({ tenant, userId })}`,
  };
}

interface Content {
  readonly content: OutgoingMessage['content'];
  readonly address: string | null;
}

async function verificationContent(
  { sql, tokens, publicUrl }: MessageParts,
  { tenant, userId }: ClaimedNotification,
): Promise<Content | undefined> {
  const said = await readPreferences(sql, tenant, userId);
  if (!said?.address || !said.addressNonce || said.addressVerifiedAt) return undefined;
  const token = tokens.verification(tenant, userId, said.addressNonce);
  return { content: { is: 'verification', url: `${publicUrl}/notifications/confirm/${token}` }, address: said.address };
}

async function noticesContent(
  parts: MessageParts,
  { tenant, id, channel }: ClaimedNotification,
  person: PersonToTell,
): Promise<Content | undefined> {
  const { sql, publicUrl } = parts;
  // Planned before he has said that he wants no more of it.
  const { channels, kinds } = preferencesOf(person);
  if (!channels.includes(channel)) return undefined;
  const rows = await noticesOf(sql, tenant, id);
  const tasks = new Map((await readTasks(sql, tenant, [...new Set(rows.map(({ taskId }) => taskId))])).map((task) => [task.id, task]));
  const leftToNone = rows.some(({ kind }) => kind === 'nobody-left') ? await leftToNobody(sql, tenant, [...tasks.keys()]) : new Set();
  const told = rows.flatMap((row) => {
    const task = tasks.get(row.taskId);
    const isTrue = task && (row.kind === 'nobody-left' ? leftToNone.has(task.id) : isStillTrue(row, task, person));
    return isTrue && kinds.includes(row.kind) ? [{ row, task }] : [];
  });
  if (told.length === 0) return undefined;
  const notices: ToldNotice[] = [];
  const offered = new Set<string>();
  for (const { row, task } of told.slice(0, MOST_NOTICES)) {
    // Once, though there may be several things to tell of it.
    const links = offered.has(task.id) || !isDecidable(task.status) ? [] : await linksOf(parts, tenant, person.id, task);
    offered.add(task.id);
    notices.push({ ...toldNotice(row, task, publicUrl), links });
  }
  const content = { is: 'notices', notices, more: told.length - notices.length, inboxUrl: `${publicUrl}/inbox` } as const;
  return { content, address: person.address };
}

function isStillTrue({ kind }: NoticeRow, task: TaskRecord, { id, name, groups }: PersonToTell): boolean {
  if (kind === 'comment.mentioned' || kind === 'comment.added') return true;
  if (!isDecidable(task.status) || isKeptFrom(task, id, kind)) return false;
  const isCandidate = (task.candidate_users ?? []).includes(name) || (task.candidate_groups ?? []).some((group) => groups.includes(group));
  switch (kind as Exclude<NoticeKind, 'comment.mentioned' | 'comment.added' | 'nobody-left'>) {
    case 'assigned':
      return task.assignee === name;
    case 'opened':
      // Somebody else has taken it.
      return task.assignee === null && isCandidate && (task.claimed_by === null || task.claimed_by.id === id);
    case 'due-soon':
    case 'overdue':
      if (task.claimed_by?.kind === 'user') return task.claimed_by.id === id;
      return task.assignee === null ? isCandidate : task.assignee === name;
    case 'escalated':
      // Whom it names need not be those whose task it is.
      return true;
  }
}

function toldNotice({ kind, at, actor, note }: NoticeRow, task: TaskRecord, publicUrl: string): Omit<ToldNotice, 'links'> {
  const { id, title, subject, workflow, due_at: dueAt } = task;
  return {
    ...{ kind: kind as NoticeKind, at, by: actor?.name ?? null, note },
    task: { id, title, subject, workflow, dueAt, url: `${publicUrl}/inbox/${id}` },
  };
}

/** New ones for each attempt: what the database keeps of a link cannot be sent again. Those of an attempt before stay good. */
async function linksOf({ links, publicUrl }: MessageParts, tenant: string, userId: string, task: TaskRecord): Promise<readonly ToldLink[]> {
  const made = (await links?.make(tenant, userId, task)) ?? [];
  return made.map(({ label, token }) => ({ label, url: `${publicUrl}/links/${token}` }));
}
