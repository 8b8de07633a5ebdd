/** Two people who speak about a field of a task: by keyboard, live, and told in its history. */
import { seriousFindings, tooWide } from './accessibility.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { lostFocus, watchFocus } from './keyboard.js';
import { compiledWithClaims } from './suggested-claims.js';

const SCENE_MS = 240_000;
const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);

describeWithBrowser('comments', () => {
  const project = compiledWithClaims();
  beforeAll(() => house.open({ dist: project.dist }));
  afterAll(async () => {
    await house.close();
    project.remove();
  });

  it(
    'on a field are written by keyboard, kept while one is elsewhere, seen at once by others, answered and resolved; the history tells it',
    scene('comments', async () => {
      const asker = await house.visit();
      await watchFocus(asker);
      await asker.signInAs('operator');
      const { page } = asker;
      const { startRun } = await asker.ask('mutation { startRun(workflow: "claim", input: { days: 14 }) { run { id } } }');
      await page.goto(`/runs/${startRun.run.id}`);
      await page.locator('a[href^="/inbox/"]').first().click();
      const comments = asker.region('Comments');
      const box = comments.getByRole('textbox', { name: 'Comment', exact: true });
      const cost = page.locator('[data-answer] [data-field="parts.0.cost"]');
      await cost.locator('input').focus();
      await asker.press('Shift+F2');
      await box.and(page.locator(':focus')).waitFor();
      expect(await comments.getByRole('combobox', { name: 'What the comment is about' }).inputValue()).toBe('parts.0.cost');
      await page.keyboard.type('Is this with <b>tax</b>?');
      await asker.press('Escape');
      await cost.locator('input:focus').waitFor();
      const address = page.url();
      await page.goto('/runs');
      await page.goto(address);
      await box.and(page.locator('text="Is this with <b>tax</b>?"')).waitFor();
      await page.getByRole('heading', { level: 1 }).focus();
      await asker.press('m');
      await box.and(page.locator(':focus')).waitFor();
      await asker.press('Control+Enter');
      const asked = comments.getByRole('listitem', { name: /^Comment of/ });
      await asked.getByText('Is this with <b>tax</b>?').waitFor();
      await box.and(page.locator(':placeholder-shown')).waitFor();

      const answerer = await house.visit({ colorScheme: 'dark' });
      await answerer.signInAs('reviewer');
      await answerer.page.goto(address);
      await answerer.page.getByRole('button', { name: '1 open comment on Cost, Parts 1' }).click();
      const theirs = answerer.region('Comments').getByRole('listitem', { name: /^Comment of/ });
      await theirs.first().and(answerer.page.locator(':focus')).waitFor();
      await answerer.press('Tab', 'Enter');
      await answerer.page.locator('[data-field="parts.0.cost"] input:focus').waitFor();
      await theirs.first().getByRole('button', { name: 'Answer' }).click();
      await answerer.page.keyboard.type('Without, it says so on the bill.');
      await answerer.press('Control+Enter');
      await asked.getByRole('list', { name: 'Answers' }).getByText('Without, it says so on the bill.').waitFor();
      await page.getByRole('button', { name: '1 open comment on Cost, Parts 1' }).waitFor();
      expect(await seriousFindings(answerer.page)).toEqual([]);

      // Where somebody writes stays where it is, though it is resolved meanwhile: no letter of his becomes a key of the page.
      await asked.first().getByRole('button', { name: 'Change' }).click();
      const change = page.getByRole('textbox', { name: 'Change the comment' });
      await page.keyboard.type('Net');
      await theirs.first().getByRole('button', { name: 'Resolve' }).click();
      await asked
        .first()
        .getByText(/^Resolved by/)
        .waitFor();
      await page.keyboard.type(' or gross?');
      expect(await change.inputValue()).toContain('Net or gross?');
      await page.getByRole('button', { name: 'Never mind' }).click();
      await answerer.region('Comments').getByRole('heading', { name: 'Comments (0 open)' }).and(answerer.page.locator(':focus')).waitFor();
      await comments.getByText('1 resolved').waitFor();
      await page.getByRole('button', { name: '1 open comment on Cost, Parts 1' }).waitFor({ state: 'detached' });
      await page.getByText(/^History \(/).click();
      await page
        .getByText(/^Commented by .+ on Parts 1 › Cost$/)
        .first()
        .waitFor();
      await page.getByText(/^Comment resolved by .+ on Parts 1 › Cost$/).waitFor();
      expect(await lostFocus(asker)).toEqual([]);
      await page.setViewportSize({ width: 400, height: 900 });
      expect([await seriousFindings(page), await tooWide(page)]).toEqual([[], []]);
    }),
    SCENE_MS,
  );
});
