/**
 * The way of a strike report through the pages, in a real browser on a server as people start it: from the one-time password to the
 * ledger that adds up. Each test brings its own visitors; the server and its 10,000 reports are shared, so each takes tasks of its own.
 */
import pg from 'pg';
import type { Route } from 'playwright-core';
import { letterFate } from '../../workflows/strike-followup/operator/letter-fate.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import type { Visitor } from './visitor.js';

/** So many rows the inbox shows at first. */
const ROWS = 50;
/** From an empty database to a full inbox, and from the first report to the last. */
const INTAKE_MS = 180_000;
const SCENE_MS = INTAKE_MS + 120_000;

interface Review {
  readonly id: string;
  readonly runId: string;
  readonly subject: string;
  readonly props: {
    readonly report: { readonly id: string };
    readonly recommendation: { readonly severity: string; readonly reasons: readonly string[] };
  };
}

const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);

describeWithBrowser('the pages', () => {
  beforeAll(() => house.open({ reports: 'all' }));
  afterAll(() => house.close());

  it(
    'let the admin in by the printed password, which is replaced, and then show work',
    scene('first-sign-in', async () => {
      const admin = await house.visit();
      const { page } = admin;
      await admin.signIn('admin', house.adminPassword);
      const dialog = page.getByRole('dialog', { name: 'Choose your own password' });
      await dialog.getByRole('textbox', { name: 'One-time password' }).fill(house.adminPassword);
      await dialog.getByRole('textbox', { name: 'New password' }).fill('seven herons over the runway');
      await dialog.getByRole('button', { name: 'Set password' }).click();
      await page.getByRole('log').getByText('Your new password is set.').waitFor();
      await page.locator('[data-task]', { hasText: 'damage Substantial' }).first().waitFor({ timeout: INTAKE_MS });

      const again = await house.visit();
      await again.signIn('admin', 'seven herons over the runway');
      await again.page.getByRole('button', { name: /^Account of / }).waitFor();
      expect(await again.page.getByRole('dialog').count()).toBe(0);
    }),
    SCENE_MS,
  );

  it(
    'let a reviewer decide by keyboard alone while an operator watches the run and its follow-up live',
    scene('keyboard', async () => {
      const reviewer = await house.visit();
      const task = await findReview(reviewer, isDisputedLater);
      await setUndoWindow(task.id, null);
      const operator = await house.visit();
      await operator.signInAs('operator');
      await watchRun(operator, task.runId);
      await statusOf(operator, 'Waiting').waitFor();

      const { page } = reviewer;
      await reviewer.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      await reviewer.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await reviewer.press('j');
      const first = await focusedTask(reviewer);
      await reviewer.press('j');
      expect(await focusedTask(reviewer)).not.toBe(first);
      await reviewer.press('k');
      expect(await focusedTask(reviewer)).toBe(first);
      for (let row = 1; row < ROWS && (await focusedTask(reviewer)) !== task.id; row++) await reviewer.press('j');
      await page.getByRole('heading', { level: 1, name: task.subject }).waitFor();
      await reviewer.press('c');
      await reviewer.region('Task').getByText('Claimed by you').waitFor();
      await reviewer.press('Enter');
      await page.locator('input[type="radio"]:focus').waitFor();
      await reviewer.press('Space', 'ArrowDown', 'ArrowUp', 'Tab', 'Tab', 'Tab', 'Tab');
      await page.locator('textarea:focus').waitFor();
      await page.keyboard.type('Confirmed without touching the mouse.');
      await reviewer.press('Control+Enter');

      await page.waitForURL((url) => /^\/inbox\/./.test(url.pathname) && !url.pathname.endsWith(task.id));
      await reviewer.region('Task').getByText('Claimed by you').waitFor();
      await page.locator('input[type="radio"]:focus').waitFor();
      expect((await reviewer.ask('query ($id: ID!) { task(id: $id) { status answer } }', { id: task.id })).task).toEqual({
        status: 'completed',
        answer: { verdict: 'confirm', severity: 'substantial', note: 'Confirmed without touching the mouse.' },
      });

      const skipped = page.url();
      await reviewer.press('s');
      await page.getByRole('dialog', { name: 'Skip this task?' }).locator('textarea:focus').waitFor();
      await page.keyboard.type('I know the operator.');
      await reviewer.press('Tab', 'Tab', 'Enter');
      await page.waitForURL((url) => /^\/inbox\/./.test(url.pathname) && url.href !== skipped);
      await reviewer.region('Task').getByText('Claimed by you').waitFor();
      expect(
        await reviewer.ask('query ($id: ID!) { task(id: $id) { status history { details } } }', { id: skipped.split('/').at(-1) }),
      ).toMatchObject({
        task: { status: 'open', history: expect.arrayContaining([{ details: { reason: 'I know the operator.' } }]) },
      });

      await statusOf(operator, 'Completed').waitFor();
      expect(operator.hints.filter(isHintOf(task.runId)).length).toBeGreaterThan(0);
      await operator.region('Related runs').getByRole('link', { name: 'Follow-up with the operator' }).click();
      await operator.page.getByRole('heading', { level: 1, name: 'Follow-up with the operator' }).waitFor();
      await statusOf(operator, 'Waiting').waitFor();
      const settle = operator.page.locator('main header').getByRole('link', { name: 'Settle a strike with its operator' });
      await settle.waitFor();
      const settling = (await settle.getAttribute('href')) ?? '';
      await setUndoWindow(settling.split('/').at(-1) ?? '', null);
      await reviewer.page.goto(settling);
      await page.getByRole('radio', { name: /^Uphold/ }).check();
      await page.getByRole('button', { name: 'Complete', exact: true }).click();
      await reviewer.region('Decision').getByRole('heading', { name: 'Decided by you' }).waitFor();

      await statusOf(operator, 'Completed').waitFor();
      expect(operator.hints.filter(isHintOf(new URL(operator.page.url()).pathname.split('/').at(-1) ?? '')).length).toBeGreaterThan(0);
      await operator.region('Related runs').getByRole('link', { name: 'caused this one' }).waitFor();
      expect(await operator.page.evaluate('document.wasWatchedFromTheStart')).toBe(true);
    }),
    SCENE_MS,
  );

  it(
    'show what the server refuses at its field, keep what was typed, and take a decision back',
    scene('wrong-answer', async () => {
      const reviewer = await house.visit();
      const task = await findReview(reviewer, () => true);
      const { page } = reviewer;
      await openTask(reviewer, task);
      const severity = page.getByRole('radiogroup', { name: 'Severity' });
      await page.getByRole('radio', { name: /^Correct/ }).check();
      await severity.getByRole('button', { name: 'Clear' }).click();
      await page.getByRole('textbox', { name: 'Note' }).fill('The engine was replaced.');
      await page.getByRole('button', { name: 'Complete', exact: true }).click();

      await severity.getByText('To correct the recommendation, choose the severity that applies.').waitFor();
      expect(await severity.getAttribute('aria-invalid')).toBe('true');
      expect(await page.getByRole('radiogroup', { name: 'Verdict' }).getAttribute('aria-invalid')).toBeNull();
      expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('The engine was replaced.');

      await severity.getByRole('radio', { name: /^Minor/ }).check();
      await severity.getByText('choose the severity that applies').waitFor({ state: 'detached' });
      await setUndoWindow(task.id, 600_000);
      await page.getByRole('button', { name: 'Complete', exact: true }).click();
      await reviewer
        .region('Decision')
        .getByRole('button', { name: /^Undo \(\d+ m/ })
        .waitFor();
      // Also from elsewhere, and after a reload.
      await page.goto('/inbox');
      await page.locator('[data-task]').first().waitFor();
      await reviewer.press('u');
      await reviewer.region('Task').getByText('Claimed by you').waitFor();
      expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('The engine was replaced.');
      await setUndoWindow(task.id, null);
      await page.getByRole('button', { name: 'Complete', exact: true }).click();
      await reviewer.region('Decision').getByRole('heading', { name: 'Decided by you' }).waitFor();
    }),
    SCENE_MS,
  );

  it(
    'let one reviewer take a task from another, who sees it, and keep the text of both when it is decided',
    scene('two-reviewers', async () => {
      const slow = await house.visit();
      const task = await findReview(slow, () => true);
      await openTask(slow, task);
      await slow.page.getByRole('textbox', { name: 'Note' }).fill('The slower one thinks it was a heron.');
      await slow.region('Your answer').getByText('Draft saved').waitFor();

      const quick = await house.visit();
      await quick.signInAs('operator');
      await quick.page.goto(`/inbox/${task.id}`);
      await quick
        .region('Task')
        .getByText(/Claimed by .* until \d\d:\d\d \(free in/)
        .waitFor();
      // There is no field that takes the focus.
      await quick.page.locator(`[data-task="${task.id}"]`).press('Enter');
      await quick.page.locator('h1:focus').waitFor();
      await quick.page.getByRole('button', { name: 'Take over' }).click();
      await quick.page.getByRole('dialog').getByRole('button', { name: 'Take over' }).click();
      await quick.region('Task').getByText('Claimed by you').waitFor();
      await quick.region('Your answer').getByText('The draft is by').waitFor();
      await slow.page.getByRole('alert').getByText('has taken this task over').waitFor();
      expect(await slow.page.getByRole('button', { name: 'Reassign the task' }).count()).toBe(0);
      const resume = await holdReads(slow);
      await quick.page.getByRole('radio', { name: /^Reject/ }).check();
      expect(await quick.page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('The slower one thinks it was a heron.');
      await quick.page.getByRole('textbox', { name: 'Note' }).fill('The quicker one rejects it.');
      await quick.press('Control+Enter');
      await quick.page.getByText(`Decided: ${task.subject}`).waitFor();

      expect(await slow.region('Your answer').isVisible()).toBe(true);
      await slow.press('Control+Enter');
      const decision = slow.region('Decision');
      await decision.getByText('was faster').waitFor();
      expect(await decision.innerText()).toMatch(/^Decided by (?!you)/);
      expect(await decision.innerText()).toMatch(/Verdict\s+Reject: this is no valid report[^]*Note\s+The quicker one rejects it\./);
      expect(await slow.region('What you typed').innerText()).toContain('The slower one thinks it was a heron.');
      await resume();
    }),
    SCENE_MS,
  );

  it(
    'show the report beside the recommendation and the form',
    scene('side-by-side', async () => {
      const reviewer = await house.visit();
      const task = await findReview(reviewer, ({ props }) => props.recommendation.reasons.length > 1);
      const { page } = reviewer;
      await openTask(reviewer, task);
      await page.getByRole('radio', { name: /^Confirm/ }).check();
      await page.getByRole('textbox', { name: 'Note' }).fill('The maintenance log names the same panel.');
      await reviewer.region('Your answer').getByText('Draft saved').waitFor();

      const columns = ['Tasks', 'Report', 'Recommendation', 'Your answer'].map((name) => reviewer.region(name).boundingBox());
      const [list, report, recommendation, answer] = (await Promise.all(columns)).map(
        (box) => box ?? { x: -1, y: -1, width: 0, height: 0 },
      );
      expect(list!.x + list!.width).toBeLessThanOrEqual(report!.x);
      expect(report!.x + report!.width).toBeLessThanOrEqual(recommendation!.x);
      expect(recommendation!.x + recommendation!.width).toBeLessThanOrEqual(answer!.x);
      expect(answer!.x + answer!.width).toBeLessThanOrEqual(1400);
      expect(new Set([report!.y, recommendation!.y, answer!.y]).size).toBe(1);
    }),
    SCENE_MS,
  );

  it(
    'show a ledger that adds up when all 10,000 reports have been read, in the dark too',
    scene('ledger', async () => {
      const operator = await house.visit({ colorScheme: 'dark' });
      await operator.signInAs('operator');
      await operator.page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
      await operator.page.getByRole('link', { name: 'Emitters' }).click();
      const ledger = operator.page.getByRole('group', { name: 'Ledger' });
      const whole = ledger.filter({ hasText: /^10,000read/ }).filter({ hasText: 'Adds up' });
      await whole.waitFor({ timeout: INTAKE_MS });
      const [read, ...terms] = [...(await ledger.innerText()).matchAll(/[\d,]+/g)].map(([digits]) => Number(digits.replaceAll(',', '')));
      expect(read).toBe(10_000);
      expect(terms).toHaveLength(9);
      expect(terms.reduce((sum, term) => sum + term, 0)).toBe(10_000);
    }),
    SCENE_MS,
  );
});

/** Signs in as a reviewer and finds, among the tasks on the page, one that nobody has taken. */
async function findReview(reviewer: Visitor, fits: (review: Review) => boolean): Promise<Review> {
  await reviewer.signInAs('reviewer');
  await reviewer.page
    .locator('[data-task]')
    .nth(ROWS - 1)
    .waitFor({ timeout: INTAKE_MS });
  const { inbox } = await reviewer.ask(`{ inbox(first: ${ROWS}, filter: { workflow: "strike-review" }) {
    edges { node { id runId subject status props } } } }`);
  const nodes = (inbox.edges as { node: Review & { status: string } }[]).map(({ node }) => node);
  const review = nodes.find((node) => node.status === 'open' && fits(node));
  if (!review) throw new Error(`None of ${nodes.length} tasks fits.`);
  return review;
}

/** Its operator will dispute the finding, so the follow-up waits for a person too: no change that the test watches comes before it looks. */
function isDisputedLater({ props }: Review): boolean {
  return props.recommendation.severity === 'substantial' && letterFate(props.report.id).position === 'disputed';
}

async function openTask(reviewer: Visitor, task: Review): Promise<void> {
  await reviewer.page.locator(`[data-task="${task.id}"]`).click();
  await reviewer.page.getByRole('heading', { level: 1, name: task.subject }).waitFor();
  await reviewer.region('Your answer').getByRole('radiogroup').first().waitFor();
}

/** As if its screen had been placed so. The example's windows are a few seconds long; no test waits for one to be over, or hurries in it. */
async function setUndoWindow(taskId: string, ms: number | null): Promise<void> {
  const database = new pg.Client({ connectionString: house.databaseUrl });
  await database.connect();
  await database.query('UPDATE tasks SET undo_ms = $2 WHERE id = $1', [taskId, ms]);
  await database.end();
}

async function focusedTask(reviewer: Visitor): Promise<unknown> {
  return reviewer.page.evaluate('document.activeElement?.dataset.task');
}

/** Opens the run's page and marks the document: the mark is gone when anything reloads it. */
async function watchRun({ page }: Visitor, runId: string): Promise<void> {
  await page.goto(`/runs/${runId}`);
  await page.evaluate('document.wasWatchedFromTheStart = true');
  await page.getByRole('status', { name: 'Live: changes appear by themselves' }).waitFor();
}

/** Without the socket pages ask every few seconds, so that a change appeared is no proof that it was told. */
function isHintOf(runId: string): (hint: string) => boolean {
  return (hint) => hint.includes('"runChanged"') && hint.includes(runId);
}

function statusOf({ page }: Visitor, words: string) {
  return page
    .locator('main header')
    .filter({ has: page.getByRole('heading', { level: 1 }) })
    .getByText(words, { exact: true });
}

/** A slow line: what the page asks stays under way, what it does gets through. @returns lets everything through */
async function holdReads({ page }: Visitor): Promise<() => Promise<void>> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const hold = async (route: Route): Promise<void> => {
    const { query } = route.request().postDataJSON() as { query: string };
    if (/^\s*query\b/.test(query)) await released;
    await route.continue();
  };
  await page.route('**/graphql', hold);
  return async () => {
    release();
    await page.unrouteAll({ behavior: 'wait' });
  };
}
