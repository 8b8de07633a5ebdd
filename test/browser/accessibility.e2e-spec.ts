/**
 * Nothing may stand between anybody and his work: every page, light and dark, on a desk and on a phone, by what axe-core knows; that it
 * fits when it is zoomed, and that whatever can be pressed is in the palette; and ways through the pages without a mouse.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { askForStillness, moved, seriousFindings, tooWide } from './accessibility.js';
import type { CompiledProject } from '../server/compiled-with.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { compiledWithClaims } from './claims.js';
import { atHeading, byPalette, lostFocus, missingInPalette, tabTo, watchFocus } from './keyboard.js';
import type { Visitor } from './visitor.js';

const PAGES_MS = 240_000;
/** Each page is looked at in eight ways. */
const LOOKS_MS = 480_000;
const DESK = { width: 1400, height: 900 };
const PHONE = { width: 400, height: 800 };
/** A window of 1280 by 1024 pixels, at 200 % (WCAG 1.4.4) and at 400 % (1.4.10). */
const ZOOMED = [
  { width: 640, height: 512 },
  { width: 320, height: 256 },
];

/** What to visit for each route, and what is there once the page has its data. */
const PAGES: Readonly<Record<string, { readonly address: string; readonly sign: string }>> = {
  inbox: { address: '/inbox', sign: '[data-task]' },
  'inbox/$taskId': { address: '/inbox/$task', sign: '[aria-label="Your answer"]' },
  team: { address: '/team', sign: 'main figure' },
  runs: { address: '/runs', sign: '[data-run]' },
  'runs/$runId': { address: '/runs/$run?node=triage', sign: '[data-chosen]' },
  'dead-letters': { address: '/dead-letters', sign: '[data-letter]' },
  'dead-letters/$runId': { address: '/dead-letters/$dead', sign: 'main form' },
  sessions: { address: '/sessions', sign: '[data-session]' },
  'sessions/$name': { address: '/sessions/$session', sign: '[aria-label="Runs"]' },
  workflows: { address: '/workflows', sign: 'a[href="/workflows/strike-review"]' },
  'workflows/$name': { address: '/workflows/strike-review', sign: '.react-flow__node' },
  'workflows/$name/start': { address: '/workflows/strike-review/start', sign: 'form' },
  schedules: { address: '/schedules', sign: 'main article' },
  calendars: { address: '/calendars', sign: '[data-calendar]' },
  'calendars/$calendarId': { address: '/calendars/strike-office?year=2026', sign: '[aria-label="Unusual days of 2026"]' },
  events: { address: '/events', sign: 'main h1' },
  'events/$eventId': { address: '/events/$event', sign: 'main h1' },
  notifications: { address: '/notifications', sign: 'main h1' },
  'notifications/confirm/$token': { address: '/notifications/confirm/of-nobody', sign: 'main h1' },
  agreement: { address: '/agreement', sign: 'main h1' },
  'links/$token': { address: '/links/of-nobody', sign: 'h1' },
  emitters: { address: '/emitters', sign: '[aria-label="Ledger"]' },
};

/** What is open to people who only have a link is no page of the application. */
const WITHOUT_PALETTE = ['links/$token'];

const house = new BrowserHouse();
let project: CompiledProject;

describeWithBrowser('the pages', () => {
  beforeAll(async () => {
    project = compiledWithClaims();
    await house.open({ dist: project.dist });
  });
  afterAll(async () => {
    await house.close();
    project.remove();
  });

  it('are all visited below', () => {
    const router = readFileSync(join(import.meta.dirname, '../../apps/web/app/router.tsx'), 'utf8');
    const paths = [...router.matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path);
    // Home leads to the inbox, and the task stands below it.
    const routes = paths.filter((path) => path !== '/').map((path) => path.replace(/^\$taskId$/, 'inbox/$taskId'));
    expect(Object.keys(PAGES).sort()).toEqual(routes.sort());
  });

  it(
    'have no serious finding, fit at every zoom, keep still, and have each of their buttons in the palette',
    house.scene('axe', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await askForStillness(page);
      await operator.signInAs('operator');
      const ids = await idsOf(operator);
      const found: Record<string, string[]> = {};
      for (const [route, { address, sign }] of Object.entries(PAGES)) {
        const look = async (how: string, findings: Promise<string[]>) => {
          const all = await findings;
          if (all.length > 0) found[`${route}, ${how}`] = all;
        };
        await page.setViewportSize(DESK);
        await page.emulateMedia({ colorScheme: 'light' });
        await page.goto(address.replace(/\$(\w+)/, (_all, what: string) => ids[what] ?? ''));
        await page.locator(sign).first().waitFor();
        if (!WITHOUT_PALETTE.includes(route)) await look('palette', missingInPalette(operator));
        for (const size of ZOOMED) {
          await page.setViewportSize(size);
          await look(`${size.width} wide`, tooWide(page));
        }
        for (const size of [PHONE, DESK]) {
          await page.setViewportSize(size);
          await look(`${size.width} wide`, tooWide(page));
          await page.emulateMedia({ colorScheme: 'light' });
          await look(`${size.width} wide, light`, seriousFindings(page));
          // The same shapes.
          await page.emulateMedia({ colorScheme: 'dark' });
          await look(`${size.width} wide, dark`, seriousFindings(page, 'colours'));
        }
        await look('motion', moved(page));
      }
      expect(found).toEqual({});
    }),
    LOOKS_MS,
  );

  it(
    'are worked through without a mouse, and the focus is never lost',
    house.scene('no-mouse', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      const isFocused = (selector: string) => page.locator(`${selector}:focus`).waitFor();
      const told = (words: RegExp) => page.getByRole('log').getByText(words).last().waitFor();
      await watchFocus(reviewer);
      await page.goto('/');
      await page.getByRole('region', { name: 'Demo' }).waitFor();
      await tabTo(reviewer, 'button "Reviewer"');
      await reviewer.press('Enter');
      await atHeading(reviewer, 'Inbox');
      await page.locator('[data-task]').nth(4).waitFor();

      await reviewer.press('n');
      await told(/^Next task: /);
      await isFocused('input[type="radio"]');
      await reviewer.press('ArrowDown');
      await tabTo(reviewer, 'button "Clear"');
      await reviewer.press('Enter', 'Control+Enter');
      await page.getByRole('alert').getByText('Please check the answer').waitFor();
      await isFocused('[aria-invalid="true"] input[type="radio"]');
      await reviewer.press('Escape');
      await isFocused('[data-task]');
      await reviewer.press('s');
      await page.getByRole('dialog', { name: 'Skip this task?' }).locator('textarea:focus').waitFor();
      await page.keyboard.type('I know the airport.');
      await tabTo(reviewer, 'button "Skip"');
      await reviewer.press('Enter');
      await told(/^Skipped: /);
      await isFocused('input[type="radio"]');

      await reviewer.press('Space');
      await tabTo(reviewer, 'textbox "Note"');
      await page.keyboard.type('By keys alone.');
      const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
      await letUndo(id);
      await reviewer.press('Control+Enter');
      await told(/^Completed\. Next task: /);
      await isFocused('input[type="radio"]');
      await reviewer.press('u');
      await told(/^The decision is taken back$/);
      await told(/^“.+”, which had come in its place, is free for others again\.$/);
      await page.waitForURL(`**/inbox/${id}`);
      await isFocused('input[type="radio"]');
      expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('By keys alone.');

      await reviewer.press('?');
      const sheet = page.getByRole('dialog', { name: 'Keyboard' });
      await sheet.getByRole('switch').and(page.locator(':focus')).waitFor();
      expect(await sheet.getByRole('row').allInnerTexts()).toEqual(keysOfTheGuide().map((row) => row.join('\t')));
      await reviewer.press('Space', 'Escape');
      await sheet.waitFor({ state: 'detached' });
      await isFocused('input[type="radio"]');
      await reviewer.press('?', 's');
      expect(await page.getByRole('dialog').count()).toBe(0);
      await byPalette(reviewer, 'single', 'Switch on keys that are single characters');
      await byPalette(reviewer, 'release', 'Release the task');
      await told(/^Released$/);
      await byPalette(reviewer, 'show run', 'Show the run of the task');
      await page.waitForURL('**/runs/*');
      await atHeading(reviewer, 'Review of a wildlife strike');
      await byPalette(reviewer, 'go inbox', 'Inbox');
      await atHeading(reviewer, 'Inbox');
      await byPalette(reviewer, 'view overdue', 'Overdue');
      await page.getByText('No task fits this filter').waitFor();
      await byPalette(reviewer, 'view everything', 'Everything that waits');
      await page.locator('[data-task]').first().waitFor();
      await reviewer.press('j');
      await isFocused('[data-task]');
      expect(await lostFocus(reviewer)).toEqual([]);
    }),
    PAGES_MS,
  );

  it(
    'lead an operator without a mouse through dead letters and schedules: what is gone gives the focus to what stands there now',
    house.scene('no-mouse-operator', async () => {
      const operator = await house.visit();
      const { page } = operator;
      const isFocused = (selector: string) => page.locator(`${selector}:focus`).waitFor();
      await askForStillness(page);
      await watchFocus(operator);
      await operator.signInAs('operator');
      const [first, second, third] = [await failOnce(operator, 'XX-2'), await failOnce(operator, 'XX-3'), await failOnce(operator, 'XX-4')];
      const DISMISS = 'mutation ($id: ID!) { dismissDeadLetter(id: $id, reason: "Paid by hand.") { errors { code } } }';
      await page.locator(`[data-letter="${third}"]`).focus();
      await operator.ask(DISMISS, { id: third });
      await isFocused(`[data-letter="${second}"]`);
      await operator.press('Enter');
      await atHeading(operator, 'Pay out');
      await byPalette(operator, 'dismiss', 'Dismiss the dead letter');
      await page.getByRole('dialog').locator('textarea:focus').waitFor();
      await operator.press('Escape');
      await isFocused('h1');
      await byPalette(operator, 'dismiss', 'Dismiss the dead letter');
      await page.getByRole('dialog').locator('textarea:focus').waitFor();
      await page.keyboard.type('Paid by hand.');
      await tabTo(operator, 'button "Dismiss"');
      await operator.press('Enter');
      await page.waitForURL('**/dead-letters');
      await page.locator(`[data-letter="${second}"]`).waitFor({ state: 'detached' });
      await isFocused('h1');
      await page.locator(`[data-letter="${first}"]`).waitFor();

      await byPalette(operator, 'go schedules', 'Schedules');
      await atHeading(operator, 'Schedules');
      await page.getByRole('article', { name: 'Schedule of digest' }).waitFor();
      await tabTo(operator, 'button "Pause"');
      await operator.press('Enter');
      await page.getByRole('dialog', { name: 'Pause this schedule?' }).locator('textarea:focus').waitFor();
      await tabTo(operator, 'button "Pause"');
      await operator.press('Enter');
      await page.getByRole('button', { name: 'Resume' }).and(page.locator(':focus')).waitFor();
      await operator.press('Enter');
      await page.getByRole('button', { name: 'Pause' }).and(page.locator(':focus')).waitFor();
      await byPalette(operator, 'run now digest', 'Run now');
      await page.waitForURL('**/runs/*');
      await atHeading(operator, 'Send the digest');
      expect(await lostFocus(operator)).toEqual([]);
      expect(await moved(page)).toEqual([]);
    }),
    PAGES_MS,
  );
});

/** What docs/guides/review-tasks.md says of the keys. */
function keysOfTheGuide(): readonly string[][] {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/review-tasks.md'), 'utf8');
  const [, table = ''] = guide.split('| key | does |\n| --- | --- |\n');
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** As if the screen of the task had been placed so: no screen of the example has a window. */
async function letUndo(taskId: string): Promise<void> {
  const database = new pg.Client({ connectionString: house.databaseUrl });
  await database.connect();
  await database.query('UPDATE tasks SET undo_ms = 600_000 WHERE id = $1', [taskId]);
  await database.end();
}

/** A task that waits, its run, and an event, once the example has them; a session, and a run that failed for good. */
async function idsOf(operator: Visitor): Promise<Readonly<Record<string, string>>> {
  const { page } = operator;
  await page.locator('[data-task]').first().waitFor();
  const { inbox } = await operator.ask('{ inbox(first: 1) { edges { node { id run { id } } } } }');
  await page.goto('/events');
  await page.locator('main a[href^="/events/"]').first().waitFor();
  const href = await page.locator('main a[href^="/events/"]').first().getAttribute('href');
  const { id, run } = inbox.edges[0].node as { id: string; run: { id: string } };
  const session = 'axe/looks';
  await operator.ask('mutation ($name: String!) { openSession(name: $name, data: { visits: 1 }) { errors { code } } }', { name: session });
  const dead = await failOnce(operator, 'XX-1');
  return { task: id, run: run.id, event: href?.split('/').at(-1) ?? '', session: encodeURIComponent(session), dead };
}

/** @returns the run that failed for good */
async function failOnce(operator: Visitor, account: string): Promise<string> {
  const START = 'mutation ($input: JSON) { startRun(workflow: "payout", input: $input) { run { id } } }';
  const { startRun } = await operator.ask(START, { input: { account, amount: 5 } });
  const id = startRun.run.id as string;
  await operator.page.goto('/dead-letters');
  await operator.page.locator(`[data-letter="${id}"]`).waitFor();
  return id;
}
