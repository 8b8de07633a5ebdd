import { AGREEMENT_ADDRESS } from '../agreement/agreement-search.js';
import { CALENDAR_ADDRESS } from '../calendars/calendar-search.js';
import { LETTERS_ADDRESS } from '../dead-letters/letter-filter.js';
import { EVENTS_ADDRESS } from '../events/event-filter.js';
import { SESSIONS_ADDRESS } from '../run-sessions/session-filter.js';
import { RUNS_ADDRESS } from '../runs/run-filter.js';
import { TEAM_ADDRESS } from '../team/team-search.js';

const PAGES = {
  runs: RUNS_ADDRESS,
  sessions: SESSIONS_ADDRESS,
  events: EVENTS_ADDRESS,
  letters: LETTERS_ADDRESS,
  agreement: AGREEMENT_ADDRESS,
  team: TEAM_ADDRESS,
  calendar: CALENDAR_ADDRESS,
};

describe('an address', () => {
  it.each<[keyof typeof PAGES, Record<string, unknown>, string]>([
    ['runs', { status: 'foo' }, 'status'],
    ['runs', { status: 'failed,foo' }, 'status'],
    ['runs', { status: 'foo', waits: 'incident' }, 'status'],
    ['runs', { by: 'magic' }, 'by'],
    ['runs', { waits: '<b>' }, 'waits'],
    ['runs', { since: '9y' }, 'since'],
    ['runs', { from: 'soon' }, 'from'],
    ['runs', { workflow: ['a'] }, 'workflow'],
    ['runs', { stauts: 'failed' }, 'stauts'],
    ['runs', { status: true }, 'status'],
    ['runs', { status: false }, 'status'],
    ['runs', { status: null }, 'status'],
    ['runs', { q: true }, 'q'],
    ['sessions', { q: null }, 'q'],
    ['runs', { q: 'a\0b' }, 'q'],
    ['sessions', { state: 'foo' }, 'state'],
    ['sessions', { q: '\0' }, 'q'],
    ['events', { run: '\0' }, 'run'],
    ['letters', { code: '\0' }, 'code'],
    ['letters', { status: 'failed' }, 'status'],
    ['agreement', { days: 12 }, 'days'],
    ['agreement', { workflow: '\0' }, 'workflow'],
    ['team', { days: '12d' }, 'days'],
    ['team', { clock: 'sand' }, 'clock'],
    ['team', { reviewer: '\0' }, 'reviewer'],
    ['team', { from: '2026-02-30', to: '2026-03-01' }, 'from'],
    ['team', { from: '2026-03-02', to: '2026-03-01' }, 'from'],
    ['team', { from: '2026-03-01' }, 'from'],
    ['team', { from: '2020-01-01', to: '2026-03-01' }, 'from'],
    ['team', { from: '2099-01-01', to: '2099-01-02' }, 'from'],
    ['calendar', { year: 'soon' }, 'year'],
    ['calendar', { year: 99_999 }, 'year'],
    ['calendar', { of: 'soon' }, 'of'],
    ['calendar', { from: '2026-13-45T99:99' }, 'from'],
  ])('of %s that says %j is not understood, and says where', (page, search, problem) => {
    expect(PAGES[page](search)).toMatchObject({ problem });
    // Also when the browser has it without the value.
    expect(PAGES[page]({ ...PAGES[page](search) })).toMatchObject({ problem });
  });

  it.each<[keyof typeof PAGES, Record<string, unknown>]>([
    ['runs', { status: 'waiting,failed', workflow: 'orders', by: 'api', since: '24h', q: 17 }],
    ['runs', { from: '2026-11-01T00:00:00.000Z', until: '2026-11-02T00:00:00.000Z', session: 'trip', status: '', q: undefined }],
    ['sessions', { state: 'active', q: 'trip' }],
    ['events', { name: 'order.received', key: 17, run: 'x' }],
    ['letters', { workflow: 'payout', code: 'STEP_FAILED', since: '24h' }],
    ['agreement', { workflow: 'orders', days: 30 }],
    ['team', { days: '7d', workflow: 'a', screen: 'b', reviewer: 'c', clock: 'business' }],
    ['team', { from: '2026-03-01', to: '2026-03-01' }],
    ['calendar', { year: 2026, of: '2bd', from: '2026-12-23T15:00' }],
    ['calendar', { of: ' 1.5h ' }],
  ])('of %s that says %j is understood', (page, search) => {
    expect(PAGES[page](search)).not.toHaveProperty('problem');
  });
});
