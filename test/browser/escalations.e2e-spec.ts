/** What happens while nobody decides, as people see it: at the run, at the task and in its history. */
import pg from 'pg';
import { seriousFindings, tooWide } from './accessibility.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { compiledWithEscalations } from './escalations.js';
import type { Visitor } from './visitor.js';

const SCENE_MS = 240_000;
/** How high each node of a graph lies, by its path. */
const HEIGHTS = `Object.fromEntries(
  [...document.querySelectorAll('.react-flow__node')].map((node) => [node.dataset.id, Number(getComputedStyle(node).zIndex)]))`;
const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);
let database: pg.Client;

describeWithBrowser('a task that nobody decides', () => {
  const project = compiledWithEscalations();
  beforeAll(async () => {
    await house.open({ dist: project.dist });
    database = new pg.Client(house.databaseUrl);
    await database.connect();
  });
  afterAll(async () => {
    await database?.end();
    await house.close();
    project.remove();
  });

  it(
    'goes from step to step of its escalation, which the graph of its run, the timeline and its history tell',
    scene('escalation', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      const run = await start(operator, 'claim');
      await page.goto(`/runs/${run}`);
      const chain = operator.region('Graph').getByRole('listitem');
      await chain.first().waitFor();
      expect(await chain.allInnerTexts()).toEqual(
        [
          ['Give it to demo-operator', /^in (1 h|59 min)$/],
          ['Tell whom the run names', /^2 h later$/],
          ['Run find-duty', /^3 h later$/],
          ['Answer by default', /^4 h later$/],
        ].map(([words, when]) => expect.stringMatching(new RegExp(`^${words as string}\\s+${(when as RegExp).source.slice(1)}`))),
      );
      await page.getByRole('group', { name: /^Screen Approve a claim, 4 escalations, waiting, .*Give it to demo-operator/ }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);

      await comeDue(operator, run);
      await chain.filter({ hasText: 'Was to go to demo-operator' }).waitFor();
      await comeDue(operator, run);
      await chain.filter({ hasText: 'Was to be told: chief' }).waitFor();
      await comeDue(operator, run);
      await chain.filter({ hasText: 'find-duty has run' }).waitFor();
      await page.goto(`/runs/${run}?node=approve`);
      // The chosen frame lies behind what is in it.
      await operator.region('Graph').getByText('approve-escalation-3', { exact: true }).waitFor();
      const heights = await page.evaluate<Record<string, number>>(HEIGHTS);
      expect(heights['approve']).toBeLessThan(heights['approve/escalation-3/approve-escalation-3'] ?? 0);
      const list = operator.region('While nobody decides');
      await list
        .getByRole('listitem')
        .filter({ hasText: /^Answer by default, Waiting.*in (4 h|3 h)/ })
        .waitFor();
      expect(await list.getByRole('listitem').filter({ hasText: 'Completed' }).count()).toBe(3);
      await page.setViewportSize({ width: 400, height: 900 });
      expect([await tooWide(page), await seriousFindings(page)]).toEqual([[], []]);

      await comeDue(operator, run);
      await page.locator('main header').getByText('Completed', { exact: true }).waitFor();
      await list.getByText('Answered by default').waitFor();
      // What nobody waits for any more is not drawn.
      await chain.first().waitFor({ state: 'detached' });
      await openTask(operator, run);
      await operator.region('Decision').getByRole('heading', { name: 'Answered by default' }).waitFor();
      await operator.region('Decision').getByText('Nobody decided in time, so its escalation gave this answer.').waitFor();
      expect(await history(operator)).toEqual([
        'Opened',
        'Escalation, step 1: given to demo-operator',
        'Escalation, step 2: told chief',
        'Escalation, step 3: the task stays whose it is; "find-duty" has run.',
        'Escalation, step 4: answered by default, for nobody decided in time',
      ]);
    }),
    SCENE_MS,
  );

  it(
    'fails its screen at the end, which the page of the task says; of one that somebody decides, the steps behind are skipped',
    scene('escalation-end', async () => {
      const operator = await house.visit({ colorScheme: 'dark' });
      const { page } = operator;
      await operator.signInAs('operator');
      const flight = await start(operator, 'flight');
      await comeDue(operator, flight);
      await page.goto(`/runs/${flight}?node=approve`);
      await page.locator('main header').getByText('Failed', { exact: true }).waitFor();
      await operator.region('While nobody decides').getByText('Nobody decided: the screen has failed').waitFor();
      await openTask(operator, flight);
      await operator.region('Decision').getByRole('heading', { name: 'Nobody decided in time' }).waitFor();
      expect(await operator.region('Decision').innerText()).not.toContain('No longer needed');
      expect((await history(operator)).at(-1)).toBe(
        'Escalation, step 1: nobody decided in time, and the screen has failed; It is too late to fly.',
      );
      expect(await seriousFindings(page)).toEqual([]);

      const claim = await start(operator, 'claim');
      await page.goto(`/runs/${claim}`);
      await openTask(operator, claim);
      await page.getByRole('radio', { name: 'Approve' }).check();
      await page.getByRole('button', { name: 'Complete', exact: true }).click();
      await page.getByRole('heading', { name: 'Decided by you' }).waitFor();
      await page.goto(`/runs/${claim}?node=approve`);
      const skipped = operator.region('While nobody decides').getByRole('listitem').filter({ hasText: 'Skipped' });
      await skipped.nth(3).waitFor();
    }),
    SCENE_MS,
  );

  it(
    'and that nobody may decide promises nobody else; who may reassign it does so right there',
    scene('nobody-left', async () => {
      const reviewer = await house.visit();
      await reviewer.signInAs('reviewer');
      const operator = await house.visit();
      await operator.signInAs('operator');
      const run = await start(operator, 'lonely');
      await openTask(operator, run);
      await reviewer.page.goto(new URL(operator.page.url()).pathname);

      const note = reviewer.page.getByRole('note', { name: 'Nobody left' });
      await note.getByText('It waits until an operator gives it to somebody else.').waitFor();
      expect(await note.getByRole('button').count()).toBe(0);
      await reviewer.region('Your answer').getByRole('heading', { name: 'You may not decide this' }).waitFor();
      expect(await reviewer.region('Task').innerText()).not.toContain('Somebody else decides');

      const { page } = operator;
      await page.getByRole('note', { name: 'Nobody left' }).getByRole('button', { name: 'Give it to somebody else' }).click();
      expect(await seriousFindings(page)).toEqual([]);
      const dialog = page.getByRole('dialog', { name: 'Give this task to somebody else' });
      await dialog.getByRole('combobox', { name: 'To' }).click();
      await page.getByRole('option', { name: /demo-reviewer/ }).click();
      await dialog.getByRole('button', { name: 'Reassign' }).click();
      await page.getByRole('note', { name: 'Nobody left' }).waitFor({ state: 'detached' });
      await reviewer.region('Your answer').getByRole('radio', { name: 'Approve' }).waitFor();
      expect(await note.count()).toBe(0);

      // Whom it was given to is no choice for the next time.
      const again = page.getByRole('button', { name: 'Reassign the task' });
      await again.click();
      await dialog.getByRole('combobox', { name: 'To' }).click();
      await page.getByRole('option', { name: /demo-reviewer/ }).click();
      await dialog.getByRole('button', { name: 'Reassign' }).click();
      await dialog.waitFor({ state: 'detached' });
      await again.click();
      expect(await dialog.getByRole('combobox', { name: 'To' }).inputValue()).toBe('');
    }),
    SCENE_MS,
  );
});

/** @returns the id of the run */
/** No worker remembers a run of such a weight, whose journal can so be changed behind its back. */
const LONG = 'Dear all, '.repeat(2_000);

async function start(visitor: Visitor, workflow: string): Promise<string> {
  const { startRun } = await visitor.ask(
    'mutation ($workflow: String!, $input: JSON) { startRun(workflow: $workflow, input: $input) { run { id } } }',
    { workflow, input: { number: 'C-1', boss: 'chief', letter: LONG } },
  );
  const { id } = startRun.run as { readonly id: string };
  // Its task is there when it waits.
  await until(visitor, id, 'waiting');
  return id;
}

async function until(visitor: Visitor, id: string, status: string): Promise<void> {
  for (let is = ''; is !== status;) is = (await visitor.ask('query ($id: ID!) { run(id: $id) { status } }', { id })).run.status as string;
}

/** As if the time of the next step had come: while nobody is at work on the run, which is then called. It is too long to be remembered, and read again. */
async function comeDue(visitor: Visitor, run: string): Promise<void> {
  await until(visitor, run, 'waiting');
  await visitor.ask('mutation ($id: ID!) { pauseRun(id: $id) { errors { message } } }', { id: run });
  await until(visitor, run, 'paused');
  const { rowCount } = await database.query(
    `UPDATE journal SET payload = jsonb_set(payload, '{dueAt}', to_jsonb((extract(epoch FROM now()) * 1000)::bigint - 1000)) WHERE (tenant, run_id, seq) IN
       (SELECT tenant, run_id, max(seq) FROM journal WHERE run_id = $1 AND type IN ('task.opened', 'task.escalated') GROUP BY 1, 2)`,
    [run],
  );
  expect(rowCount).toBe(1);
  await visitor.ask('mutation ($id: ID!) { resumeRun(id: $id) { errors { message } } }', { id: run });
}

async function openTask(visitor: Visitor, run: string): Promise<void> {
  const { run: of } = await visitor.ask('query ($id: ID!) { run(id: $id) { tasks { id } } }', { id: run });
  await visitor.page.goto(`/inbox/${of.tasks[0].id}`);
  await visitor.region('Task').locator('h1').waitFor();
}

/** Each entry, and behind it what was told of it. */
async function history({ page }: Visitor): Promise<string[]> {
  await page.getByText(/^History \(/).click();
  const entries = page.locator('details[open] > ol > li');
  await entries.first().waitFor();
  return entries.evaluateAll((all) =>
    all.map((entry) =>
      [...entry.children]
        .filter((part) => part.querySelector('time') === null && part.tagName === 'SPAN')
        .map((part) => part.textContent)
        .join('; '),
    ),
  );
}
