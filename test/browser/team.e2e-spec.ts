/** The page of the team, by tasks that were put there: nothing is at work here, so every figure stays what it was planted as. */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { tooWide } from './accessibility.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import type { Visitor } from './visitor.js';

const SCENE_MS = 180_000;
const house = new BrowserHouse();

/** Ended so long before now, after so long, by whom; a null is open. Hours. */
const TASKS: readonly {
  readonly workflow: string;
  readonly ended: number | null;
  readonly took: number;
  readonly by?: string;
  readonly due?: number;
}[] = [
  { workflow: 'strike-review', ended: 1, took: 2, by: 'Ann', due: 1.5 },
  { workflow: 'strike-review', ended: 2, took: 5, by: '=Bob', due: 6 },
  { workflow: 'orders', ended: 24 * 10, took: 30, by: 'Ann' },
  { workflow: 'strike-review', ended: null, took: 26, due: 3 },
  { workflow: 'orders', ended: null, took: 0.5 },
];

async function plant(): Promise<void> {
  const client = new pg.Client(house.databaseUrl);
  await client.connect();
  for (const { workflow, ended, took, by, due } of TASKS)
    await client.query(
      `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, status, decided_by, form, opened_at, ended_at, due_at)
       SELECT 'default', new_id(), new_id(), 'a', '', $1, 1, 'check', 'Check it', '', $2, $3, '{}', now() - $4 * interval '1 hour',
         CASE WHEN $2 = 'completed' THEN now() - $5 * interval '1 hour' END, now() - $6 * interval '1 hour'`,
      [
        workflow,
        ended === null ? 'open' : 'completed',
        by ? JSON.stringify({ id: by, name: by, kind: 'user' }) : null,
        (ended ?? 0) + took,
        ended ?? 0,
        due ?? null,
      ],
    );
  await client.end();
}

describeWithBrowser('the page of the team', () => {
  beforeAll(async () => {
    await house.open({ environment: { STEPWELL_ROLES: 'api' } });
    await plant();
  });
  afterAll(() => house.close());

  it(
    'shows what is open, decided and late, by the keyboard and as tables too; its address, a file and the inbox are of the same tasks',
    house.scene('team', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      await page.getByRole('link', { name: 'Team', exact: true }).click();
      const tile = (name: string) => page.locator('dl > div').filter({ hasText: name }).locator('dd').first();
      await tile('Open now').getByText('2', { exact: true }).waitFor();
      expect(await figures(operator)).toEqual(['2', '1', '3', '3', '5 h']);

      await page.getByRole('combobox', { name: 'Period' }).click();
      await page.getByRole('option', { name: 'Last 7 days' }).click();
      await page.waitForURL('**/team?days=7d');
      await tile('Decided').getByText('2', { exact: true }).waitFor();
      await page.reload();
      await tile('Decided').getByText('2', { exact: true }).waitFor();

      const breaches = page.getByRole('group', { name: 'Missed due times' });
      await breaches.getByText('As a table').click();
      await breaches.getByRole('row', { name: 'Check it (strike-review) 1 2 0 3' }).waitFor();
      const ages = page.getByRole('group', { name: 'Open now, by age' });
      await ages.getByRole('application', { name: /^Open now, by age\. 2 open, 1 of them overdue/ }).focus();
      await ages.getByRole('status').getByText('No due time: 1').waitFor();
      await operator.press('ArrowRight');
      await ages.getByRole('status').getByText('1 h – 4 h').waitFor();

      const reviewers = operator.region('By reviewer');
      await reviewers.getByRole('row', { name: /^=Bob 0 0 1 0 %/ }).waitFor();
      await page.getByRole('button', { name: 'CSV' }).click();
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Every task' }).click()]);
      const lines = readFileSync(await file.path(), 'utf8')
        .trimEnd()
        .split('\r\n');
      expect([file.suggestedFilename(), lines.length]).toEqual(['tasks.csv', 1 + 4]);
      expect(lines[0]).toMatch(/^\ufefftask,run,workflow,/);
      expect(lines.filter((line) => line.includes("decided,'=Bob,"))).toHaveLength(1);
      await operator.press('Escape');

      await reviewers.getByRole('link', { name: 'Ann' }).click();
      await page.waitForURL('**/team?days=7d&reviewer=Ann');
      await tile('Decided').getByText('1', { exact: true }).waitFor();
      await page.setViewportSize({ width: 400, height: 800 });
      expect(await tooWide(page)).toEqual([]);

      await page.getByRole('button', { name: 'Clear' }).click();
      await breaches.locator('.recharts-bar-rectangle').first().click();
      await page.waitForURL('**/inbox?workflow=strike-review');
      await page.locator('[data-task]').waitFor();
    }),
    SCENE_MS,
  );

  it(
    'shows a reviewer his own figures, and no names of others',
    house.scene('team-own', async () => {
      const reviewer = await house.visit();
      await reviewer.signInAs('reviewer');
      await reviewer.page.goto('/team?days=7d');
      await reviewer.page.getByRole('heading', { name: 'My figures' }).waitFor();
      await reviewer.page.getByText('No task yet').waitFor();
      expect(await reviewer.page.getByRole('combobox', { name: 'Reviewer' }).count()).toBe(0);
    }),
    SCENE_MS,
  );
});

/** The tiles, in their order. */
function figures({ page }: Visitor): Promise<string[]> {
  return page.locator('dl > div').evaluateAll((tiles) => tiles.map((one) => one.querySelector('dd')?.textContent ?? ''));
}
