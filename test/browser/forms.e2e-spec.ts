/**
 * The form made from an answer's class, with everything that a class can ask for, in a real browser and back in the answer; and the component
 * that a workflow brings along instead.
 */
import { seriousFindings, tooWide } from './accessibility.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { pdfOf } from './pdf.js';
import { compiledWithSettlements, DISPUTE, sendPaper } from './settlements.js';
import type { Visitor } from './visitor.js';

const SCENE_MS = 240_000;
const PDF = { name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') };
const CLAIM = { number: 'C-1', customer: { name: 'Ada' }, claimed: 1200 };

const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);

describeWithBrowser('the form of a task', () => {
  const project = compiledWithSettlements();
  beforeAll(() => house.open({ dist: project.dist }));
  afterAll(async () => {
    await house.close();
    project.remove();
  });

  it(
    'takes groups, lists, choices, days, times, money, files and what depends on other answers; what is wrong stands beside its field',
    scene('form', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      const runId = await openTask(reviewer);
      const form = reviewer.region('Your answer');

      await form.getByRole('radio', { name: 'Refuse' }).click();
      await form.getByRole('textbox', { name: 'Reason' }).fill('The damage is older.');
      await form.getByRole('radio', { name: 'Pay' }).click();
      await form.getByRole('textbox', { name: 'Reason' }).waitFor({ state: 'detached' });
      await form.getByRole('radio', { name: 'Refuse' }).click();
      expect(await form.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('The damage is older.');
      await form.getByText('The customer reads this.').waitFor();
      await form.getByRole('radio', { name: 'Pay' }).click();

      const parts = form.getByRole('group', { name: 'Parts', exact: true });
      await parts.getByRole('button', { name: 'Add to Parts' }).click();
      await parts.getByRole('textbox', { name: 'Cost' }).nth(1).fill('12.505');
      await form
        .getByRole('group', { name: 'Is firm' })
        .or(form.getByRole('radiogroup', { name: 'Is firm' }))
        .getByText('Yes')
        .click();
      await form.getByRole('textbox', { name: 'Email' }).fill('nobody');
      await form.getByRole('button', { name: 'Complete', exact: true }).click();
      await form.getByText('What to change stands beside each field.').waitFor();
      const problems = ['Needs an amount', 'Needs a day', 'Needs an email address', 'Needs a value', 'At most 2 decimals'];
      for (const problem of problems) await form.getByText(problem, { exact: true }).first().waitFor();
      expect(await parts.getByRole('listitem').nth(1).getByText('At most 2 decimals').count()).toBe(1);

      await form.getByRole('textbox', { name: 'Amount' }).fill("1'234.50");
      await form.getByRole('combobox', { name: 'Currency of Amount' }).selectOption('EUR');
      await form.getByLabel('Paid on').fill('2026-03-01');
      await form.getByLabel('Call at').fill('2026-03-02T09:30');
      await form.getByRole('textbox', { name: 'Email' }).fill('ada@example.org');
      await form.getByRole('textbox', { name: 'Firm' }).fill('Ada & Co');
      await parts.getByRole('radio', { name: 'Wing' }).nth(0).click();
      await parts.getByRole('textbox', { name: 'Cost' }).nth(0).fill('100');
      await parts.getByRole('radio', { name: 'Engine' }).nth(1).click();
      await parts.getByRole('textbox', { name: 'Cost' }).nth(1).fill('12.50');
      await parts.getByRole('button', { name: 'Move Parts 2 up' }).click();
      await page.locator('[aria-label="Remove Parts 1"]:focus, [aria-label="Move Parts 1 down"]:focus').waitFor();
      await parts.getByRole('button', { name: 'Add to Parts' }).click();
      await parts.getByRole('listitem').nth(2).locator('input:focus').waitFor();
      await parts.getByRole('button', { name: 'Remove Parts 3' }).click();
      await form.getByRole('button', { name: 'Add to Remarks' }).click();
      await reviewer.page.keyboard.type('by phone');
      await form.locator('input[type="file"]').setInputFiles(PDF);
      await form.getByRole('button', { name: 'Remove letter.pdf' }).waitFor();
      await form.getByRole('button', { name: 'Complete', exact: true }).click();
      await page.getByRole('heading', { name: 'Decided by you' }).waitFor();

      const callAt = await page.evaluate(() => new Date('2026-03-02T09:30').toISOString());
      expect(await answerOf(reviewer, runId)).toEqual({
        verdict: 'pay',
        amount: { amount: '1234.50', currency: 'EUR' },
        paidOn: '2026-03-01',
        callAt,
        contact: { email: 'ada@example.org', isFirm: true, firm: 'Ada & Co' },
        parts: [
          { name: 'engine', cost: { amount: '12.50', currency: 'CHF' } },
          { name: 'wing', cost: { amount: '100', currency: 'CHF' } },
        ],
        remarks: ['by phone'],
        letter: { id: expect.any(String), fileName: 'letter.pdf' },
      });
    }),
    SCENE_MS,
  );

  it(
    'leaves out what may be left out: a group, a file or an amount that nobody has touched, or that was emptied again',
    scene('left-out', async () => {
      const reviewer = await house.visit();
      const form = reviewer.region('Your answer');
      const complete = async (runId: string) => {
        await form.getByRole('button', { name: 'Complete', exact: true }).click();
        await reviewer.page.getByRole('heading', { name: 'Decided by you' }).waitFor();
        return answerOf(reviewer, runId);
      };

      const untouched = await openTask(reviewer, 'appeal', { number: 1 });
      await form.getByRole('radio', { name: 'Refuse' }).click();
      await form.getByRole('group', { name: 'Letter' }).waitFor();
      expect(await complete(untouched)).toEqual({ verdict: 'refuse' });

      const touched = await openTask(reviewer, 'appeal', { number: 2 });
      await form.getByRole('radio', { name: 'Refuse' }).click();
      await form.locator('input[type="file"]').setInputFiles(PDF);
      await form.getByRole('button', { name: 'Remove letter.pdf' }).waitFor();
      await form.getByRole('radio', { name: 'Accept' }).click();
      await form.getByRole('textbox', { name: 'Phone' }).fill('12');
      await form.getByRole('button', { name: 'Complete', exact: true }).click();
      await form.getByText('Needs a value', { exact: true }).waitFor();
      await form.getByText('At least 3 characters', { exact: true }).waitFor();
      await form.getByRole('textbox', { name: 'Name' }).fill('Ada');
      await form.getByRole('textbox', { name: 'Phone' }).fill('');
      expect(await complete(touched)).toEqual({ verdict: 'accept', witness: { name: 'Ada' } });

      const emptied = await openTask(reviewer, 'appeal', { number: 3 });
      await form.getByRole('radio', { name: 'Accept' }).click();
      await form.getByRole('textbox', { name: 'Name' }).fill('Ada');
      await form.getByRole('textbox', { name: 'Fee' }).fill('12');
      await form.getByRole('textbox', { name: 'Name' }).fill('');
      await form.getByRole('textbox', { name: 'Fee' }).fill('');
      expect(await complete(emptied)).toEqual({ verdict: 'accept' });

      const mistaken = await openTask(reviewer, 'appeal', { number: 4 });
      await form.getByRole('radio', { name: 'Accept' }).click();
      await form.getByRole('checkbox', { name: 'Sworn' }).check();
      await form.getByRole('checkbox', { name: 'Sworn' }).uncheck();
      const leaveOut = form.getByRole('button', { name: 'Leave it out: Witness' });
      await leaveOut.focus();
      await reviewer.press('Enter');
      await leaveOut.waitFor({ state: 'detached' });
      await form.getByRole('textbox', { name: 'Name' }).and(reviewer.page.locator(':focus')).waitFor();
      expect(await complete(mistaken)).toEqual({ verdict: 'accept' });
    }),
    SCENE_MS,
  );

  it(
    'is left and come back to by keys: a decision is taken back from within a field and after a reload, and words in a question are kept',
    scene('keys', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      const form = reviewer.region('Your answer');
      const heading = (number: number) => page.getByRole('heading', { name: `Appeal ${number}` });
      await openTask(reviewer, 'appeal', { number: 11 });
      await openTask(reviewer, 'appeal', { number: 12 });
      await page.goto('/inbox?workflow=appeal');
      await page.locator('[data-task]', { hasText: 'Appeal 11' }).click();
      await heading(11).waitFor();
      await form.getByRole('radio', { name: 'Accept' }).click();
      await reviewer.press('Control+Enter');
      await heading(12).waitFor();
      const note = form.getByRole('textbox', { name: 'Note' });
      await note.and(page.locator(':focus')).waitFor();
      await page.getByRole('button', { name: /^Undo .*Ctrl U/ }).waitFor();
      await reviewer.press('Control+u');
      await heading(11).waitFor();
      await form.getByRole('radio', { name: 'Accept', checked: true }).waitFor();
      expect(await note.inputValue()).toBe('');

      await form.getByRole('button', { name: 'Complete', exact: true }).click();
      await page.getByRole('heading', { name: 'Decided by you' }).waitFor();
      await page.reload();
      await reviewer.region('Decision').getByRole('button', { name: /^Undo/ }).waitFor();
      await reviewer.press('u');
      await form.getByRole('radio', { name: 'Accept', checked: true }).waitFor();

      const skipping = page.getByRole('dialog', { name: 'Skip this task?' });
      await page.getByRole('button', { name: 'Skip', exact: true }).click();
      await skipping.getByRole('textbox', { name: 'Reason' }).fill('The file is missing.');
      await reviewer.press('Escape');
      await skipping.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Skip', exact: true }).click();
      expect(await skipping.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('The file is missing.');
      await reviewer.press('Escape');
      await skipping.waitFor({ state: 'detached' });
      const giving = page.getByRole('dialog', { name: 'Give this task to somebody else' });
      await page.getByRole('button', { name: 'Reassign the task' }).click();
      expect(await giving.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('');
      await giving.getByRole('textbox', { name: 'Reason' }).fill('Ask Ann.');
      await page.mouse.click(5, 5);
      await giving.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Reassign the task' }).click();
      expect(await giving.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('Ask Ann.');
      await reviewer.press('Escape');
      await giving.waitFor({ state: 'detached' });

      await form.getByRole('radio', { name: 'Accept' }).focus();
      await reviewer.press('Control+Enter');
      await heading(12).waitFor();
      await form.getByRole('radio', { name: 'Refuse' }).click();
      await reviewer.press('Control+Enter');
      await page.locator('.mantine-Notification-description', { hasText: 'Nothing else waits here.' }).waitFor();
      await page.waitForURL('**/inbox?workflow=appeal');
    }),
    SCENE_MS,
  );

  it(
    'is fit for everybody, also when it is dark and 400 pixels wide',
    scene('form-dark', async () => {
      const reviewer = await house.visit({ colorScheme: 'dark' });
      const { page } = reviewer;
      await page.setViewportSize({ width: 400, height: 900 });
      await openTask(reviewer);
      const form = reviewer.region('Your answer');
      await form.getByRole('radio', { name: 'Pay' }).click();
      await form.getByRole('button', { name: 'Add to Remarks' }).click();
      await form.getByRole('button', { name: 'Complete', exact: true }).click();
      await form.getByText('Needs an amount').first().waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBeLessThanOrEqual(400);
    }),
    SCENE_MS,
  );

  it(
    'gives way to the component that a workflow brings along; while that is broken its error is shown, and the form is there again',
    scene('own-screen', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      await openTask(reviewer, 'dispute', DISPUTE);
      const form = reviewer.region('Your answer');
      await reviewer.region('What the operator says').getByText('The operator disputes it').waitFor();
      await form.getByRole('radio', { name: 'Uphold' }).waitFor();
      await page.setViewportSize({ width: 400, height: 900 });
      expect(await seriousFindings(page)).toEqual([]);
      expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBeLessThanOrEqual(400);

      const file = '**/assets/resolve-dispute-*.js';
      await page.route(file, (route) => route.abort());
      await page.reload();
      await page.getByRole('alert').getByText('Failed to fetch dynamically imported module').waitFor();
      await form.getByRole('radio', { name: 'Uphold' }).waitFor();
      await page.unroute(file);
      await page.getByRole('button', { name: 'Load the page anew' }).click();
      await reviewer.region('What the operator says').waitFor();

      const broken = 'export default () => { throw new Error("There is no strike."); };';
      await page.route(file, (route) => route.fulfill({ contentType: 'text/javascript', body: broken }));
      await page.reload();
      await page.getByRole('alert').getByText('There is no strike.').waitFor();
      await form.getByRole('radio', { name: 'Uphold' }).click();
      await form.getByRole('button', { name: 'Complete', exact: true }).click();
      await page.getByRole('heading', { name: 'Decided by you' }).waitFor();
      const expected = /resolve-dispute-|There is no strike/;
      expect(reviewer.complaints.splice(0).filter((complaint) => !expected.test(complaint))).toEqual([]);
    }),
    SCENE_MS,
  );

  it.each(['light', 'dark'] as const)(
    'shows the documents in the component that a workflow brings along, beside the form and tied to its fields; %s, also 400 pixels wide',
    (colorScheme) =>
      scene(`own-screen-documents-${colorScheme}`, async () => {
        const reviewer = await house.visit({ colorScheme });
        const { page } = reviewer;
        await reviewer.signInAs('operator');
        const letter = await sendPaper(reviewer, 'letter.pdf', LETTER);
        const strike = { ...DISPUTE.strike, papers: [letter] };
        await openTask(reviewer, 'dispute', { ...DISPUTE, strike, found: { resolution: { document: letter, ...ASKED_AT } } });
        const [pane, form] = [reviewer.region('Documents'), reviewer.region('Your answer')];
        const content = pane.getByRole('group', { name: 'Content of letter.pdf' });
        await content.getByText('To whom it may concern').waitFor();
        await reviewer.region('What the operator says').getByText('The operator disputes it').waitFor();
        const [documents, answer] = [await pane.boundingBox(), await form.boundingBox()];
        expect((documents?.x ?? 0) + (documents?.width ?? 0)).toBeLessThanOrEqual(answer?.x ?? 0);
        expect(Math.abs((documents?.y ?? 0) - (answer?.y ?? 0))).toBeLessThan(2);

        const uphold = form.getByRole('radio', { name: 'Uphold' });
        await uphold.focus();
        const place = pane.getByRole('button', { name: 'Resolution: found here. Go to the field' });
        await place.and(pane.locator('[data-lit]')).waitFor();
        await content.getByText('It was one blade only.').waitFor();
        await place.click();
        await page.locator('input[type="radio"]:focus').waitFor();
        expect(await seriousFindings(page)).toEqual([]);

        await page.setViewportSize({ width: 400, height: 900 });
        await content.getByText('It was one blade only.').waitFor();
        expect([await tooWide(page), await seriousFindings(page)]).toEqual([[], []]);
        await uphold.check();
        await form.getByRole('button', { name: 'Complete', exact: true }).click();
        await page.getByRole('heading', { name: 'Decided by you' }).waitFor();
        await pane.getByRole('tab', { name: 'letter.pdf' }).waitFor();
      })(),
    SCENE_MS,
  );
});

/** What the operator sent along, and where on its second page it says what it wants. */
const LETTER = pdfOf([[{ x: 60, y: 760, text: 'To whom it may concern' }], [{ x: 60, y: 700, text: 'It was one blade only.' }]]);
const ASKED_AT = { page: 2, box: [0.09, 0.13, 0.5, 0.05] };

/** Starts a run, and opens its task. @returns the id of the run */
async function openTask(reviewer: Visitor, workflow = 'settlement', input: object = CLAIM): Promise<string> {
  if (reviewer.page.url() === 'about:blank') await reviewer.signInAs('operator');
  const { startRun } = await reviewer.ask(
    'mutation ($workflow: String!, $input: JSON) { startRun(workflow: $workflow, input: $input) { run { id } } }',
    { workflow, input },
  );
  const runId = startRun.run.id as string;
  await reviewer.page.goto(`/runs/${runId}`);
  await reviewer.page.locator('a[href^="/inbox/"]').first().click();
  await reviewer.region('Your answer').getByRole('radio').first().waitFor();
  return runId;
}

async function answerOf(reviewer: Visitor, runId: string): Promise<unknown> {
  const { run } = await reviewer.ask('query ($id: ID!) { run(id: $id) { tasks { answer } } }', { id: runId });
  return run.tasks[0].answer;
}
