/** One thing done to many tasks, as an operator does it: chosen by keyboard and mouse, confirmed by number, told one by one. */
import { seriousFindings, tooWide } from './accessibility.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { focused, lostFocus, watchFocus } from './keyboard.js';
import { compiledWithRefunds } from './refunds.js';
import type { Visitor } from './visitor.js';

const SCENE_MS = 240_000;
/** More than the server takes at once, and more than a page. */
const REFUNDS = 103;
const PHONE = { width: 400, height: 800 };
const WIDE = { width: 1600, height: 900 };
const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);

describeWithBrowser('many tasks', () => {
  const project = compiledWithRefunds();
  beforeAll(() => house.open({ dist: project.dist }));
  afterAll(async () => {
    await house.close();
    project.remove();
  });

  it(
    'are decided all that match, as many as were confirmed; who holds one is not passed over, and it is tried again',
    scene('many-decided', async () => {
      const operator = await house.visit({ colorScheme: 'dark' });
      await watchFocus(operator);
      await operator.signInAs('operator');
      await start(operator, 'refund', REFUNDS);
      const { page } = operator;
      const low = (await waiting(operator, 'refund')).at(45) ?? '';
      await page.goto(`/inbox/${low}?workflow=refund`);
      // Who comes by a link sees it in the list.
      while (!(await page.evaluate(`document.querySelector('[data-task="${low}"]')?.getBoundingClientRect().bottom <= innerHeight`)));
      await page.goto('/inbox?workflow=refund');
      await page.locator('[data-task]').nth(49).waitFor();
      const bar = operator.region('Selected tasks');

      await operator.press('j', 'x');
      await bar.getByText('one task selected').waitFor();
      expect(await focused(operator)).toMatch(/^link "(.*)Refund /);
      await operator.press('j', 'j', 'Shift+X');
      await bar.getByText('3 tasks selected').waitFor();
      await operator.press('x');
      await bar.getByText('2 tasks selected').waitFor();
      await operator.press('Shift+A');
      await bar.getByText('50 tasks selected').waitFor();
      await bar.getByRole('button', { name: `Select all ${REFUNDS} that match` }).click();
      await bar.getByText(`${REFUNDS} tasks selected`).waitFor();
      await bar.getByText(`${REFUNDS - 50} of them not shown here`).waitFor();

      const held = (await waiting(operator, 'refund')).at(0) ?? '';
      const reviewer = await house.visit();
      await reviewer.signInAs('reviewer');
      await reviewer.ask('mutation ($id: ID!) { claimTask(id: $id) { errors { message } } }', { id: held });
      await bar.getByRole('button', { name: 'Decide…' }).click();
      const question = page.getByRole('dialog', { name: `Decide ${REFUNDS} tasks` });
      await question.getByRole('list', { name: 'Of which' }).getByText(`${REFUNDS} × Refund (refund)`).waitFor();
      // What comes after it was asked for is not among what is confirmed.
      await start(operator, 'refund', 1);
      expect(await waiting(operator, 'refund')).toHaveLength(REFUNDS + 1);
      await question.getByRole('radio', { name: 'Pay it' }).check();
      expect(await seriousFindings(page)).toEqual([]);
      await question.getByRole('button', { name: `Decide ${REFUNDS} tasks` }).click();

      const ended = page.getByRole('dialog', { name: 'What became of them' });
      await ended.getByText(`${REFUNDS - 1} tasks done, 1 not.`).waitFor();
      await ended.getByRole('list', { name: 'Not done' }).getByText('This task is claimed by').waitFor();
      expect(await ended.innerText()).not.toMatch(/\dT\d/);
      await reviewer.ask('mutation ($id: ID!) { releaseTask(id: $id) { errors { message } } }', { id: held });
      await ended.getByRole('button', { name: 'Try these again' }).click();
      await page.getByRole('dialog', { name: 'Decide one task' }).getByRole('button', { name: 'Decide one task' }).click();
      // It has been given back since, so it is another version than the one that was seen; the next try is of that one.
      await ended.getByText('This was changed meanwhile').waitFor();
      await ended.getByRole('button', { name: 'Try these again' }).click();
      await page.getByRole('dialog', { name: 'Decide one task' }).getByRole('button', { name: 'Decide one task' }).click();
      await ended.getByText('one task done.').waitFor();
      await ended.getByRole('button', { name: 'Close' }).and(page.locator(':focus')).press('Enter');
      await bar.waitFor({ state: 'detached' });
      await page.getByText(`Refund ${REFUNDS + 1}`).waitFor();
      expect(await waiting(operator, 'refund')).toHaveLength(1);
      expect(await lostFocus(operator)).toEqual([]);
    }),
    SCENE_MS,
  );

  it(
    'are put first, assigned (which takes them from who holds them) and answered by their form, on a phone, too; what takes no answer for many is not offered one',
    scene('many-changed', async () => {
      const operator = await house.visit();
      await operator.signInAs('operator');
      await start(operator, 'loan', 2);
      await start(operator, 'gift', 2);
      const { page } = operator;
      const bar = operator.region('Selected tasks');
      const act = async (action: string, name: string, fill: (dialog: ReturnType<typeof page.getByRole>) => Promise<unknown>) => {
        await bar.getByRole('button', { name: action }).click();
        const dialog = page.getByRole('dialog', { name });
        await fill(dialog);
        await dialog.getByRole('button', { name }).click();
        const ended = page.getByRole('dialog', { name: 'What became of them' });
        await ended.getByText('2 tasks done.').waitFor();
        await ended.getByRole('button', { name: 'Close', exact: true }).last().click();
        await bar.waitFor({ state: 'detached' });
      };
      const chooseBoth = async (title: string) => {
        await page.getByRole('checkbox', { name: `Select ${title} 1` }).click();
        await page.getByRole('checkbox', { name: `Select ${title} 2` }).click({ modifiers: ['Shift'] });
        await bar.getByText('2 tasks selected').waitFor();
      };

      await page.goto('/inbox?workflow=loan');
      await chooseBoth('Loan');
      expect(await bar.getByRole('button', { name: /^(Decide|Release)/ }).count()).toBe(0);
      await act('Priority…', 'Set the priority of 2 tasks', (dialog) => dialog.getByRole('textbox', { name: 'Priority' }).fill('5'));
      await page.locator('[data-task]', { hasText: 'Priority 5' }).nth(1).waitFor();
      const [first = ''] = await waiting(operator, 'loan');
      await operator.ask('mutation ($id: ID!) { claimTask(id: $id) { errors { message } } }', { id: first });
      await page.locator('[data-task]', { hasText: 'Claimed by You' }).waitFor();
      await page.setViewportSize(PHONE);
      await chooseBoth('Loan');
      await bar.getByRole('button', { name: 'Release 1…' }).waitFor();
      expect([...(await seriousFindings(page)), ...(await tooWide(page))]).toEqual([]);
      await act('Assign…', 'Assign 2 tasks', async (dialog) => {
        await dialog.getByRole('combobox', { name: 'To' }).fill('operator');
        await page
          .getByRole('option', { name: /operator/i })
          .first()
          .click();
        expect(await tooWide(page)).toEqual([]);
      });
      expect((await operator.ask('query ($id: ID!) { task(id: $id) { status priority assignee } }', { id: first })).task).toEqual({
        ...{ status: 'open', priority: 5, assignee: expect.stringContaining('operator') },
      });

      await start(operator, 'gift', 1);
      await page.goto('/inbox?workflow=gift');
      await chooseBoth('Gift');
      await page.getByRole('checkbox', { name: 'Select Gift 3' }).click();
      const third = (await waiting(operator, 'gift')).at(2) ?? '';
      await operator.ask(
        'mutation ($id: ID!) { completeTask(id: $id, expectedVersion: 1, answer: { verdict: "pay" }) { errors { message } } }',
        { id: third },
      );
      await bar.getByText('2 tasks selected').waitFor();
      await act('Decide…', 'Decide 2 tasks', async (dialog) => {
        await dialog.getByRole('radio', { name: 'Refuse' }).check();
        await operator.press('Escape');
        await dialog.getByRole('alert').getByRole('button', { name: 'Go on with it' }).and(page.locator(':focus')).press('Enter');
        await dialog.getByRole('radio', { name: 'Refuse', checked: true }).and(page.locator(':focus')).waitFor();
      });
      expect(await waiting(operator, 'gift')).toEqual([]);
      await page.goto('/inbox?workflow=gifts');
      await page.getByText('There is no workflow “gifts”').waitFor();
      await page.getByRole('button', { name: 'Show all workflows' }).click();
      await page.getByRole('checkbox', { name: 'Select Loan 1' }).waitFor();
    }),
    SCENE_MS,
  );

  it(
    'are found again by a view: its conditions are in the controls, are changed and saved for oneself or for everybody, and its count is live',
    scene('many-viewed', async () => {
      const operator = await house.visit();
      await operator.signInAs('operator');
      await start(operator, 'gift', 3);
      const { page } = operator;
      await page.setViewportSize(WIDE);
      const views = page.getByRole('navigation', { name: 'Views' });
      const changed = page.getByRole('group', { name: 'Changed view' });
      const fromShop = async (shop: string) => {
        await page.getByRole('button', { name: /^More filters/ }).click();
        await page
          .getByRole('combobox', { name: 'Shop' })
          .or(page.getByRole('textbox', { name: 'Shop' }))
          .fill(shop);
        await operator.press('Enter');
        await page.getByText(`Shop: ${shop}`).waitFor();
        await operator.press('Escape');
      };
      const saveAs = async (name: string, isShared: boolean) => {
        const dialog = page.getByRole('dialog', { name: 'Save this view' });
        await dialog.getByLabel('Name').fill(name);
        if (isShared) await dialog.getByLabel('Share it with everybody').check();
        await dialog.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByText(`View: ${name}`).waitFor();
      };

      await page.goto('/inbox?workflow=gift');
      await fromShop('Chur');
      await views.getByRole('button', { name: 'Save as a view' }).click();
      await saveAs('From Chur', false);
      await page.reload();
      await page.getByText('Shop: Chur').waitFor();
      await page.locator('input[aria-label="Workflow"][value="Give"]').waitFor();
      await shows(operator, ['Gift 1', 'Gift 3']);

      await page.getByRole('button', { name: 'Without Shop: Chur' }).click();
      await shows(operator, ['Gift 1', 'Gift 2', 'Gift 3']);
      await changed.getByRole('button', { name: 'Save', exact: true }).waitFor();
      await page.setViewportSize(PHONE);
      expect([...(await seriousFindings(page)), ...(await tooWide(page))]).toEqual([]);
      await page.setViewportSize(WIDE);
      const understood = page.url();
      await page.goto(`${understood}&due=someday`);
      await page.getByText('The filter is not understood').waitFor();
      await views.getByRole('link', { name: 'From Chur' }).waitFor();
      expect(await changed.count()).toBe(0);
      await page.goto(understood);
      await changed.getByRole('button', { name: 'Save as new' }).click();
      await saveAs('Gifts', true);

      const reviewer = await house.visit({ colorScheme: 'dark' });
      await reviewer.signInAs('reviewer');
      await reviewer.page.setViewportSize(WIDE);
      const shared = reviewer.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Gifts' });
      await shared.click();
      await shows(reviewer, ['Gift 1', 'Gift 2', 'Gift 3']);
      expect(await reviewer.page.getByRole('link', { name: 'From Chur' }).count()).toBe(0);
      await reviewer.page.getByText('Mine', { exact: true }).click();
      const theirs = reviewer.page.getByRole('group', { name: 'Changed view' });
      await theirs.getByRole('button', { name: 'Save as new' }).waitFor();
      expect(await seriousFindings(reviewer.page)).toEqual([]);
      expect(await theirs.getByRole('button', { name: 'Save for everybody' }).count()).toBe(0);

      await fromShop('Bern');
      await changed.getByRole('button', { name: 'Save for everybody' }).click();
      await page.getByText('View: Gifts').waitFor();
      await shows(operator, ['Gift 2']);
      await reviewer.page.reload();
      await theirs.getByRole('link', { name: 'Gifts' }).click();
      await shows(reviewer, ['Gift 2']);
      await reviewer.page.getByText('Shop: Bern').waitFor();

      await shared.getByText('1', { exact: true }).waitFor();
      await start(operator, 'gift', 1);
      await shared.getByText('2', { exact: true }).waitFor();
      await page.locator('[data-task]', { hasText: 'Gift 2' }).click();
      await page.locator('[data-answer] [id^="answer_"]').first().waitFor();
      await page.getByRole('checkbox', { name: 'Select Gift 2' }).click();
      await operator.region('Selected tasks').getByRole('button', { name: 'Decide…' }).click();
      const question = page.getByRole('dialog', { name: 'Decide one task' });
      await question.getByRole('radio', { name: 'Refuse' }).check();
      // The form of the open task is behind it: a label that leads to an id must not lead there.
      const ids = await page.locator('[id^="answer"]').evaluateAll((all) => all.map(({ id }) => id));
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
      expect(ids.some((id) => id.startsWith('answer_'))).toBe(true);
      await question.getByRole('button', { name: 'Decide one task' }).click();
      await shared.getByText('1', { exact: true }).waitFor();
    }),
    SCENE_MS,
  );
});

/** The whole list, once it is there. */
async function shows({ page }: Visitor, subjects: readonly string[]): Promise<void> {
  const rows = page.locator('[data-task]');
  for (const subject of subjects) await rows.filter({ hasText: subject }).waitFor();
  await rows.nth(subjects.length).waitFor({ state: 'detached' });
}

/** Until as many more tasks wait. */
async function start(who: Visitor, workflow: string, count: number): Promise<void> {
  const before = (await waiting(who, workflow)).length;
  // Some twenty writes are what one request may hold.
  for (let from = 0; from < count; from += 15) {
    const starts = Array.from({ length: Math.min(15, count - from) }, (_, index) => {
      const number = before + from + index + 1;
      return `s${index}: startRun(workflow: "${workflow}", input: { number: ${number}, shop: "${number % 2 === 0 ? 'Bern' : 'Chur'}" }) { errors { message } }`;
    });
    await who.ask(`mutation { ${starts.join('\n')} }`);
  }
  while ((await waiting(who, workflow)).length < before + count);
}

async function waiting(who: Visitor, workflow: string): Promise<readonly string[]> {
  const { matchingTasks } = await who.ask('query ($workflow: String!) { matchingTasks(most: 1000, filter: { workflow: $workflow }) { tasks { id } } }', { workflow }); // prettier-ignore
  return (matchingTasks.tasks as { id: string }[]).map(({ id }) => id);
}
