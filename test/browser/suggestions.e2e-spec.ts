/** What a step suggests, in the form of a reviewer: filled in, looked at field by field by keyboard, changed and confirmed. */
import { readFile } from 'node:fs/promises';
import { seriousFindings, tooWide } from './accessibility.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { compiledWithClaims } from './suggested-claims.js';
import type { Visitor } from './visitor.js';

const SCENE_MS = 240_000;
const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);

describeWithBrowser('a suggestion', () => {
  const project = compiledWithClaims();
  beforeAll(() => house.open({ dist: project.dist }));
  afterAll(async () => {
    await house.close();
    project.remove();
  });

  it(
    'fills the form; Tab goes to what needs a person and out of the form, Enter confirms, and a draft wins over it',
    scene('suggestion', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      const taskId = await openTask(reviewer);
      const form = reviewer.region('Your answer');
      const counts = form.getByRole('region', { name: 'Suggestion' }).getByRole('status');
      const field = (key: string) => form.locator(`[data-field="${key}"]`);

      await counts.filter({ hasText: /3 suggested.*3 open/ }).waitFor();
      await form.getByText('Suggested by read-claim, 93 % sure').waitFor();
      await form.getByText('One thing was left out').click();
      await form.getByText('Paid on: Needs a day written YYYY-MM-DD').waitFor();
      expect(await form.getByRole('radio', { name: 'Pay' }).isChecked()).toBe(true);
      await field('days').getByText('Open: suggested, 55 % sure').waitFor();
      await field('paidOn').getByText('Open: needs a value').waitFor();
      await field('contact.email').getByText('Suggested, 93 % sure').waitFor();
      expect(await form.getByRole('group', { name: 'Suggested, 93 % sure' }).getByRole('textbox', { name: 'Email' }).count()).toBe(1);

      await form.getByRole('radio', { name: 'Pay' }).focus();
      await reviewer.press('Tab');
      await field('days').locator('input:focus').waitFor();
      await reviewer.press('Enter');
      await field('days').getByText('Confirmed').waitFor();
      await field('paidOn').locator('input:focus').waitFor();
      await field('paidOn').locator('input').fill('2026-03-01');
      await reviewer.press('Tab');
      await field('parts.0.cost').locator('input:focus').waitFor();
      await field('parts.0.cost').locator('input').fill('212.50');
      await field('parts.0.cost').getByText('Confirmed').waitFor();
      await reviewer.press('Tab');
      await field('parts.0.cost').locator('select:focus').waitFor();
      const leftTheFields = page.locator('button:focus', { hasText: 'Complete and next' });
      for (let tabs = 0; tabs < 8 && (await leftTheFields.count()) === 0; tabs++) await reviewer.press('Tab');
      expect(await leftTheFields.count()).toBe(1);
      await form.getByText('Draft saved').waitFor();

      await page.reload();
      await counts.filter({ hasText: /3 suggested.*1 open.*2 confirmed/ }).waitFor();
      expect(await form.getByRole('textbox', { name: 'Cost' }).inputValue()).toBe('212.50');
      await form.getByRole('button', { name: 'Confirm Verdict' }).click();
      await form.getByRole('textbox', { name: 'Email' }).fill('nobody');
      await form.getByRole('button', { name: 'Complete', exact: true }).click();
      await field('contact.email').getByText('Failed: see what is wrong with it').waitFor();
      await counts.filter({ hasText: /1 suggested.*1 open.*1 failed.*3 confirmed/ }).waitFor();
      await form.getByRole('button', { name: 'Confirm all suggested' }).click();
      await form.getByRole('button', { name: 'Confirm Days' }).click();
      await form.getByRole('textbox', { name: 'Email' }).fill('ada@example.org');
      await counts.filter({ hasText: /^6 confirmed$/ }).waitFor();
      await form.getByRole('button', { name: 'Complete', exact: true }).click();
      await page.getByRole('heading', { name: 'Decided by you' }).waitFor();
      expect((await reviewer.ask('query ($id: ID!) { task(id: $id) { answer } }', { id: taskId })).task.answer).toEqual({
        verdict: 'pay',
        days: 14,
        paidOn: '2026-03-01',
        contact: { email: 'ada@example.org' },
        parts: [{ name: 'wing', cost: { amount: '212.50', currency: 'CHF' } }],
      });
      await page.getByText(/^Sealed, no\. \d+ – verified$/).click();
      const saving = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Save the records with their seals' }).click();
      const saved = await readFile(await (await saving).path(), 'utf8');
      expect(saved).toContain(`"task":"${taskId}"`);
      expect(JSON.parse(saved.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ kind: 'end' });
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByText('Of the suggestion: 4 accepted, 1 changed, 1 added').click();
      await page.getByText('Parts › 0 › Cost was changed; suggested:').waitFor();

      await page.goto('/workflows/claim');
      await page.locator('main').getByRole('link', { name: 'Agreement' }).click();
      const screen = page.getByRole('region', { name: 'Settle a claim, claim@1' });
      await screen.getByText('Of 1 decision on what read-claim suggests, 0 left everything as it was: 0 %.').waitFor();
      await screen.getByRole('row', { name: /^Days 100 % \(1\) 0 0 0$/ }).waitFor();
      await screen.getByRole('row', { name: /^Parts › Cost 0 % \(0\) 1 0 0$/ }).waitFor();
      await screen.getByRole('row', { name: /^90 % to 100 % 100 % \(3\) 3$/ }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.setViewportSize({ width: 400, height: 900 });
      expect(await tooWide(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await seriousFindings(page)).toEqual([]);
    }),
    SCENE_MS,
  );

  it(
    'is fit for everybody, also when it is dark and 400 pixels wide',
    scene('suggestion-dark', async () => {
      const reviewer = await house.visit({ colorScheme: 'dark' });
      const { page } = reviewer;
      await openTask(reviewer);
      await page.setViewportSize({ width: 400, height: 900 });
      await reviewer.region('Suggestion').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBeLessThanOrEqual(400);
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await seriousFindings(page)).toEqual([]);
    }),
    SCENE_MS,
  );
});

/** Starts a run, and opens its task. */
async function openTask(reviewer: Visitor): Promise<string> {
  await reviewer.signInAs('operator');
  const { startRun } = await reviewer.ask('mutation { startRun(workflow: "claim", input: { days: 14 }) { run { id } } }');
  await reviewer.page.goto(`/runs/${startRun.run.id}`);
  await reviewer.page.locator('a[href^="/inbox/"]').first().click();
  await reviewer.region('Your answer').getByRole('radio').first().waitFor();
  return new URL(reviewer.page.url()).pathname.split('/').at(-1) ?? '';
}
