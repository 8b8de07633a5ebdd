/**
 * Nothing may stand between anybody and his work: every page, light and dark, and on a phone, by what axe-core knows; and a reviewer's way
 * through the inbox without a mouse.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { seriousFindings, tooWide } from './accessibility.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { byPalette, focused, lostFocus, tabTo, watchFocus } from './keyboard.js';
import type { Visitor } from './visitor.js';

const PAGES_MS = 240_000;
const DESK = { width: 1400, height: 900 };
const PHONE = { width: 400, height: 800 };
/** What is dark has the same shapes: they are looked at on a phone in the light. All others only have to fit. */
const ON_A_PHONE = ['inbox', 'inbox/$taskId', 'runs', 'runs/$runId'];

/** What to visit for each route, and what is there once the page has its data. */
const PAGES: Readonly<Record<string, { readonly address: string; readonly sign: string }>> = {
  inbox: { address: '/inbox', sign: '[data-task]' },
  'inbox/$taskId': { address: '/inbox/$task', sign: '[aria-label="Your answer"]' },
  team: { address: '/team', sign: 'main figure' },
  runs: { address: '/runs', sign: '[data-run]' },
  'runs/$runId': { address: '/runs/$run?node=triage', sign: '[data-chosen]' },
  'dead-letters': { address: '/dead-letters', sign: 'main h1' },
  'dead-letters/$runId': { address: '/dead-letters/$run', sign: 'main a' },
  sessions: { address: '/sessions', sign: '[data-session]' },
  'sessions/$name': { address: '/sessions/$session', sign: '[aria-label="Runs"]' },
  workflows: { address: '/workflows', sign: 'a[href="/workflows/strike-review"]' },
  'workflows/$name': { address: '/workflows/strike-review', sign: '.react-flow__node' },
  'workflows/$name/start': { address: '/workflows/strike-review/start', sign: 'form' },
  schedules: { address: '/schedules', sign: 'main h1 ~ *' },
  events: { address: '/events', sign: 'main h1' },
  'events/$eventId': { address: '/events/$event', sign: 'main h1' },
  notifications: { address: '/notifications', sign: 'main h1' },
  'notifications/confirm/$token': { address: '/notifications/confirm/of-nobody', sign: 'main h1' },
  agreement: { address: '/agreement', sign: 'main h1' },
  'links/$token': { address: '/links/of-nobody', sign: 'h1' },
  emitters: { address: '/emitters', sign: '[aria-label="Ledger"]' },
};

const house = new BrowserHouse();

describeWithBrowser('the pages', () => {
  beforeAll(() => house.open());
  afterAll(() => house.close());

  it('are all visited below', () => {
    const router = readFileSync(join(import.meta.dirname, '../../apps/web/app/router.tsx'), 'utf8');
    const paths = [...router.matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path);
    // Home leads to the inbox, and the task stands below it.
    const routes = paths.filter((path) => path !== '/').map((path) => path.replace(/^\$taskId$/, 'inbox/$taskId'));
    expect(Object.keys(PAGES).sort()).toEqual(routes.sort());
  });

  it.each(['light', 'dark'] as const)(
    'have no serious finding, %s',
    async (colorScheme) => {
      await house.scene(`axe-${colorScheme}`, async () => {
        const operator = await house.visit({ colorScheme });
        await operator.signInAs('operator');
        const ids = await idsOf(operator);
        const found: Record<string, string[]> = {};
        for (const [route, { address, sign }] of Object.entries(PAGES)) {
          await operator.page.setViewportSize(DESK);
          await operator.page.goto(address.replace(/\$(\w+)/, (_all, what: string) => ids[what] ?? ''));
          await operator.page.locator(sign).first().waitFor();
          for (const size of colorScheme === 'light' ? [DESK, PHONE] : [DESK]) {
            await operator.page.setViewportSize(size);
            const isLookedAt = size === DESK || ON_A_PHONE.includes(route);
            const findings = [...(isLookedAt ? await seriousFindings(operator.page) : []), ...(await tooWide(operator.page))];
            if (findings.length > 0) found[`${route} at ${size.width}`] = findings;
          }
        }
        expect(found).toEqual({});
      })();
    },
    PAGES_MS,
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
      await isFocused('h1');
      expect(await focused(reviewer)).toBe('heading "Inbox"');
      await page.locator('[data-task]').nth(4).waitFor();

      await reviewer.press('n');
      await isFocused('input[type="radio"]');
      await told(/^Next task: /);
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
      await isFocused('h1');
      expect(await focused(reviewer)).toBe('heading "Review of a wildlife strike"');
      await byPalette(reviewer, 'go inbox', 'Inbox');
      await isFocused('h1');
      await reviewer.press('j');
      await isFocused('[data-task]');
      expect(await lostFocus(reviewer)).toEqual([]);
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

/** A task that waits, its run, and an event, once the example has them; and a session. */
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
  return { task: id, run: run.id, event: href?.split('/').at(-1) ?? '', session: encodeURIComponent(session) };
}
