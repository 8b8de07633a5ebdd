/** A message as plain text. */
import type { OutgoingMessage, ToldNotice } from '../channel.port.js';
import { dueWords, headline, oneLine, titleOf } from '../notice-words.js';

export function mailText(message: OutgoingMessage): string {
  return `${[...bodyOf(message), '', '-- ', ...footerOf(message)].join('\n')}\n`;
}

function bodyOf({ content, to }: OutgoingMessage): string[] {
  if (content.is === 'verification')
    return [
      `Somebody, ${oneLine(to.displayName)} we hope, wants messages about tasks at this address.`,
      '',
      'If it was you, open this page, signed in as yourself, and confirm it there:',
      content.url,
      '',
      'If not, do nothing: nothing else is sent here.',
    ];
  const { notices, more, inboxUrl } = content;
  return [
    ...notices.flatMap((notice) => [...noticeLines(notice, to.zone), '']),
    ...(more > 0 ? [`And ${more} more.`, ''] : []),
    `Your inbox: ${inboxUrl}`,
  ];
}

function noticeLines(notice: ToldNotice, zone: string): string[] {
  const due = dueWords(notice, zone);
  return [
    headline(notice),
    `  ${titleOf(notice)}${due === undefined ? '' : ` (${due})`}`,
    ...(notice.note === null ? [] : [`  "${oneLine(notice.note)}"`]),
    ...notice.links.map(({ label, url }) => `  ${oneLine(label)}: ${url}`),
    `  ${notice.task.url}`,
  ];
}

function footerOf({ content, preferencesUrl, unsubscribeUrl }: OutgoingMessage): string[] {
  if (content.is === 'verification') return ['Stepwell'];
  return [`What you are told, and when: ${preferencesUrl}`, `No more of these: ${unsubscribeUrl}`];
}
