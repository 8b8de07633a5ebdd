import type { OutgoingMessage, ToldNotice } from '../channel.port.js';
import { subjectOf } from '../notice-words.js';
import { mailHtml } from './mail-html.js';
import { mailText } from './mail-text.js';

const HOSTILE = '<img src=x onerror=alert(1)>"\r\nBcc: all@example.com\u2028';

const notice = (change: Partial<ToldNotice> = {}): ToldNotice => ({
  kind: 'assigned',
  at: new Date('2026-01-05T10:00:00Z'),
  by: null,
  note: null,
  task: {
    ...{ id: 't', title: 'Approve', subject: 'Order 7', workflow: 'order', dueAt: new Date('2026-01-05T16:00:00Z') },
    url: 'https://stepwell.test/inbox/t',
  },
  links: [],
  ...change,
});

const message = (notices: readonly ToldNotice[], more = 0): OutgoingMessage => ({
  id: 'm',
  at: new Date('2026-01-05T10:00:00Z'),
  to: { id: 'u', name: 'ann', displayName: 'Ann', address: 'ann@example.com', zone: 'Europe/Berlin' },
  content: { is: 'notices', notices, more, inboxUrl: 'https://stepwell.test/inbox' },
  preferencesUrl: 'https://stepwell.test/notifications',
  unsubscribeUrl: 'https://stepwell.test/unsubscribe/x',
});

describe('a message', () => {
  it('says what it is about, and when that is due where its reader is', () => {
    expect(subjectOf(message([notice()]))).toBe('Yours to decide: Approve: Order 7');
    expect(subjectOf(message([notice(), notice()], 3))).toBe('5 things about your tasks');
    expect(mailText(message([notice({ by: 'Bob', note: 'You know it.' })], 2))).toBe(
      `Bob gave you a task
  Approve: Order 7 (due Mon 5 Jan 2026, 17:00 GMT+1)
  "You know it."
  https://stepwell.test/inbox/t

And 2 more.

Your inbox: https://stepwell.test/inbox

-- 
What you are told, and when: https://stepwell.test/notifications
No more of these: https://stepwell.test/unsubscribe/x
`,
    );
  });

  it('is made neither markup nor another header by what runs and people write', () => {
    const hostile = message([notice({ by: HOSTILE, note: HOSTILE, task: { ...notice().task, title: HOSTILE, subject: HOSTILE } })]);
    expect(subjectOf(hostile)).not.toMatch(/[\r\n\u2028]/);
    const html = mailHtml(hostile);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).not.toContain('<img');
    // Every line of the text stands where a line of ours does.
    expect(mailText(hostile).split('\n')).toHaveLength(11);
  });
});
