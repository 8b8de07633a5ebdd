/** Two people answer one task, each without the other: they agree; or they differ, and a third settles it. */
import { seriousFindings, tooWide } from './accessibility.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { compiledWithPayments } from './payments.js';
import type { Visitor } from './visitor.js';

const SCENE_MS = 240_000;
const FIGURES = `{ teamReport(period: { zone: "UTC", days: 2 }, filter: { workflow: "payment" }) {
  answers reviewers { name answers ended { decided } } } }`;
const house = new BrowserHouse();

describeWithBrowser('a second review', () => {
  const project = compiledWithPayments();
  beforeAll(() => house.open({ dist: project.dist }));
  afterAll(async () => {
    await house.close();
    project.remove();
  });

  it(
    'is given without seeing the first; equal answers decide, and what differs is settled by a third who sees both',
    house.scene('second-review', async () => {
      const [first, second, third] = await Promise.all([house.visit(), house.visit(), house.visit({ colorScheme: 'dark' })]);
      await first.signInAs('operator');
      await second.signInAs('admin');
      await third.signInAs('reviewer');

      const agreed = await openPayment(first, 'Agreed Ltd');
      await first.region('Your answer').waitFor();
      await first.page
        .getByText('2 equal answers of different people decide this. You will not see the others until it is decided.')
        .waitFor();
      await answer(first, 'release', 'looks fine to me');
      await first.page.getByText('Your answer is kept; one more is needed. You will see the others when it is decided.').waitFor();
      await first.region('Your answer').getByText('looks fine to me').waitFor();
      await first.page.goto('/inbox');
      await first.page.getByRole('link', { name: /Payment to Agreed Ltd.*2nd review.*For others/ }).waitFor();
      await first.page.goto(`/runs/${agreed.run}`);
      await first.page.getByText('for a person: Release a payment, 1 of 2 answers').waitFor();

      await second.page.goto(`/inbox/${agreed.task}`);
      await second.page.getByText('1 of 2 answers given. You will not see the others until it is decided.').waitFor();
      await second.page.getByText('History (').click();
      await second.page.getByText('Answered by Demo operator').waitFor();
      expect(await second.page.getByText('looks fine to me').count()).toBe(0);
      await answer(second, 'release', 'paid before');
      await second.page.getByRole('heading', { name: 'Decided by you' }).waitFor();
      await second.region('All answers').getByText('looks fine to me').waitFor();

      const disputed = await openPayment(first, 'Disputed Ltd');
      await answer(first, 'release', 'as ever');
      await first.page.getByText('Your answer is kept').first().waitFor();
      await second.page.goto(`/inbox/${disputed.task}`);
      await answer(second, 'stop', 'another account');
      await second.page.getByText('The answers differ. Somebody else settles it.').waitFor();

      await third.page.goto(`/inbox/${disputed.task}`);
      await third.page.getByText('The answers differ, and there will be no more of them. Yours decides.').waitFor();
      await third.page.locator('main header').getByText('Disputed', { exact: true }).waitFor();
      await third.page.getByText('to be settled by somebody who has not answered it').waitFor();
      const table = third.region('Answers side by side');
      await table.getByRole('rowheader', { name: 'Verdict differs' }).waitFor();
      await table.getByRole('row', { name: /Note as ever another account/ }).waitFor();
      expect(await seriousFindings(third.page)).toEqual([]);
      await third.page.setViewportSize({ width: 400, height: 900 });
      expect([await tooWide(third.page), await seriousFindings(third.page)]).toEqual([[], []]);
      await answer(third, 'stop', 'I asked them');
      await third.page.getByRole('heading', { name: 'Decided by you' }).waitFor();
      // The answers count for who gave them, and the decisions for who decided.
      const { teamReport } = await second.ask(FIGURES);
      expect(teamReport.answers).toBe(3);
      expect(teamReport.reviewers).toEqual(
        expect.arrayContaining([
          { name: 'Demo operator', answers: 2, ended: { decided: 0 } },
          expect.objectContaining({ answers: 1, ended: { decided: 1 } }),
          { name: 'Demo reviewer', answers: 0, ended: { decided: 1 } },
        ]),
      );
      await second.page.goto('/team?workflow=payment');
      await second
        .region('By reviewer')
        .getByRole('row', { name: /^Demo operator 0 0 0 – 2 0/ })
        .waitFor();
      await second.page.getByText('3 answers that did not decide yet').waitFor();
      await second.page.goto(`/inbox/${disputed.task}`);
      const unruly = await openPayment(first, 'Unruly Ltd');
      await third.page.goto(`/inbox/${unruly.task}`);
      const unknown = third.region('Your answer');
      await unknown.getByRole('heading', { name: 'It is not known whether you may decide this' }).waitFor();
      await unknown.getByText('no limit is known for it').waitFor();
      await unknown.getByRole('button', { name: 'Ask again' }).waitFor();
      expect(await third.page.getByRole('button', { name: 'Reassign the task' }).count()).toBe(0);
      expect(await seriousFindings(third.page)).toEqual([]);
      // Who waits at the task sees it at once.
      await second.region('All answers').getByText('as ever').waitFor();
      expect(await seriousFindings(second.page)).toEqual([]);
    }),
    SCENE_MS,
  );
});

/** Starts a run, and opens its task. */
async function openPayment(visitor: Visitor, creditor: string): Promise<{ readonly run: string; readonly task: string }> {
  const { startRun } = await visitor.ask('mutation ($input: JSON) { startRun(workflow: "payment", input: $input) { run { id } } }', {
    input: { creditor, total: 12_000 },
  });
  const run = startRun.run.id as string;
  await visitor.page.goto(`/runs/${run}`);
  await visitor.page.locator('a[href^="/inbox/"]').first().click();
  await visitor.page.waitForURL('**/inbox/*');
  return { run, task: new URL(visitor.page.url()).pathname.split('/').at(-1) ?? '' };
}

async function answer(visitor: Visitor, verdict: 'release' | 'stop', note: string): Promise<void> {
  const form = visitor.region('Your answer');
  await form.getByRole('radio', { name: verdict === 'release' ? 'Release' : 'Stop' }).check();
  await form.getByRole('textbox', { name: 'Note' }).fill(note);
  await form.getByRole('button', { name: 'Complete', exact: true }).click();
}
