/**
 * A message as HTML: tables and inline styles, as mail readers want it, no picture and nothing from elsewhere. Every text is escaped, and
 * an address is only ever one that this installation has made.
 */
import type { OutgoingMessage, ToldNotice } from '../channel.port.js';
import { dueWords, headline, oneLine, subjectOf, titleOf } from '../notice-words.js';

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const BUTTON = `display:inline-block;padding:8px 14px;border-radius:6px;background:#0b6e6e;color:#ffffff;text-decoration:none;font-weight:600;font-size:14px;${FONT}`;
/** It decides, when the page behind it was read: beside the way to the task, not before it. */
const OFFER = BUTTON.replace('background:#0b6e6e;color:#ffffff', 'background:#e6f2f2;color:#0b5757');

/** Mail readers that have a dark scheme follow it; the others show the light one. */
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.page{background:#16191d!important}.card{background:#1f2328!important;border-color:#343a40!important}.ink{color:#e9ecef!important}.pale{color:#a6adb4!important}.pale a{color:#a6adb4!important}}`;

export function mailHtml(message: OutgoingMessage): string {
  const title = escaped(subjectOf(message));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${title}</title><style>${STYLE}</style></head>
<body class="page" style="margin:0;padding:0;background:#f4f5f6"><table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f6"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px">
<tr><td class="ink" style="padding:0 4px 12px;font-size:15px;font-weight:700;color:#212529;${FONT}">Stepwell</td></tr>
${bodyOf(message)}
<tr><td class="pale" style="padding:16px 4px;font-size:12px;line-height:1.5;color:#5c636a;${FONT}">${footerOf(message)}</td></tr>
</table></td></tr></table></body></html>`;
}

function bodyOf({ content, to }: OutgoingMessage): string {
  if (content.is === 'verification')
    return card(
      `${paragraph(`Somebody, ${escaped(oneLine(to.displayName))} we hope, wants messages about tasks at this address.`)}
${paragraph('If it was you, open the page, signed in as yourself, and confirm it there. If not, do nothing: nothing else is sent here.')}
${link(content.url, 'Confirm this address', BUTTON)}`,
    );
  const { notices, more, inboxUrl } = content;
  return [
    ...notices.map((notice) => card(noticeBody(notice, to.zone))),
    more > 0 ? card(`${paragraph(`And ${more} more.`)}${link(inboxUrl, 'Open your inbox', BUTTON)}`) : '',
  ].join('\n');
}

function noticeBody(notice: ToldNotice, zone: string): string {
  const due = dueWords(notice, zone);
  const buttons = [
    ...notice.links.map(({ label, url }) => link(url, oneLine(label), OFFER)),
    link(notice.task.url, 'Open the task', BUTTON),
  ].join('&nbsp; ');
  return `<div class="pale" style="font-size:12px;color:#5c636a;${FONT}">${escaped(headline(notice))}</div>
<div class="ink" style="padding:2px 0 4px;font-size:16px;font-weight:600;line-height:1.35;color:#212529;${FONT}">${escaped(titleOf(notice))}</div>
${due === undefined ? '' : `<div class="pale" style="font-size:13px;color:#5c636a;${FONT}">${escaped(due)}</div>`}
${notice.note === null ? '' : `<div class="ink" style="padding:8px 0 0;font-size:14px;color:#212529;${FONT}">“${escaped(oneLine(notice.note))}”</div>`}
<div style="padding-top:12px;line-height:2.6">${buttons}</div>`;
}

function footerOf({ content, preferencesUrl, unsubscribeUrl }: OutgoingMessage): string {
  if (content.is === 'verification') return 'Sent by Stepwell.';
  const style = 'color:#5c636a';
  return `${link(preferencesUrl, 'What you are told, and when', style)} &nbsp;·&nbsp; ${link(unsubscribeUrl, 'No more of these', style)}`;
}

function card(inner: string): string {
  return `<tr><td class="card" style="padding:16px 18px;background:#ffffff;border:1px solid #dee2e6;border-radius:8px">${inner}</td></tr><tr><td style="height:10px;line-height:10px">&nbsp;</td></tr>`;
}

function paragraph(html: string): string {
  return `<p class="ink" style="margin:0 0 12px;font-size:14px;line-height:1.5;color:#212529;${FONT}">${html}</p>`;
}

function link(url: string, text: string, style: string): string {
  return `<a href="${escaped(url)}" style="${style}">${escaped(text)}</a>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
