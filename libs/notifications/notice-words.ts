/** What messages say. Plain text: whoever makes markup of it escapes it. */
import { DateTime } from 'luxon';
import type { OutgoingMessage, ToldNotice } from './channel.port.js';
import type { NoticeKind } from './notification-options.js';

/** Longer ones are cut: a message says which task it is, and not what is in it. */
const MAX_TEXT = 200;

const HEADLINES: Readonly<Record<NoticeKind, (by: string | null) => string>> = {
  assigned: (by) => (by === null ? 'Yours to decide' : `${by} gave you a task`),
  opened: (by) => (by === null ? 'Waits for you or your group' : `${by} gave your group a task`),
  escalated: () => 'Nobody has decided it yet',
  'due-soon': () => 'Due within the hour',
  overdue: () => 'Overdue',
  'nobody-left': () => 'Nobody is left who may decide it',
  'comment.mentioned': (by) => `${by ?? 'Somebody'} mentioned you in a comment`,
  'comment.added': (by) => `${by ?? 'Somebody'} commented on a task that you follow`,
};

export function headline({ kind, by }: ToldNotice): string {
  return HEADLINES[kind](by === null ? null : oneLine(by));
}

export function titleOf({ task }: ToldNotice): string {
  return oneLine(task.subject === '' || task.subject === task.title ? task.title : `${task.title}: ${task.subject}`);
}

export function subjectOf({ content }: OutgoingMessage): string {
  if (content.is === 'verification') return 'Confirm your address for messages of Stepwell';
  const { notices, more } = content;
  const [only] = notices;
  if (only && notices.length + more === 1) return oneLine(`${headline(only)}: ${titleOf(only)}`);
  return `${notices.length + more} things about your tasks`;
}

/** @returns undefined when it has no due time */
export function dueWords({ task }: ToldNotice, zone: string): string | undefined {
  return task.dueAt === null
    ? undefined
    : `due ${DateTime.fromJSDate(task.dueAt, { zone }).setLocale('en').toFormat('ccc d LLL yyyy, HH:mm ZZZZ')}`;
}

/** Without line breaks or other control characters, which a header must not have, nor a list. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1).trimEnd()}…` : line;
}
