/** Every page, light and dark, those of every day on a phone too, by what axe-core knows: nothing serious may stand between anybody and his work. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seriousFindings } from './accessibility.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import type { Visitor } from './visitor.js';

const PAGES_MS = 240_000;
const DESK = { width: 1400, height: 900 };
const PHONE = { width: 400, height: 800 };
/** What is dark has the same shapes: they are looked at on a phone in the light. */
const ON_A_PHONE = ['inbox', 'inbox/$taskId', 'runs', 'runs/$runId'];

/** What to visit for each route, and what is there once the page has its data. */
const PAGES: Readonly<Record<string, { readonly address: string; readonly sign: string }>> = {
  inbox: { address: '/inbox', sign: '[data-task]' },
  'inbox/$taskId': { address: '/inbox/$task', sign: '[aria-label="Your answer"]' },
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
          for (const size of colorScheme === 'light' && ON_A_PHONE.includes(route) ? [DESK, PHONE] : [DESK]) {
            await operator.page.setViewportSize(size);
            const findings = await seriousFindings(operator.page);
            if (findings.length > 0) found[`${route} at ${size.width}`] = findings;
          }
        }
        expect(found).toEqual({});
      })();
    },
    PAGES_MS,
  );
});

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
