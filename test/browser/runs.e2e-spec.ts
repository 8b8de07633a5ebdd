/**
 * The list of runs and the page of one, in a real browser, over a database that holds 100,000 of them. No schedule fires here, so what
 * starts is what a test starts.
 */
import pg from 'pg';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import type { Visitor } from './visitor.js';

const SCENE_MS = 180_000;
const MANY = 100_000;
/** More than a tall window shows with what is drawn beyond its edges. */
const MOST_DRAWN = 80;

const ROW_PX = 38;

/** One in a hundred has failed. Each is twenty seconds older than the next. */
const SEED = `INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, epoch, last_seq, started_by, lineage_root, error_code, error_message, created_at, ended_at)
  SELECT 'default', id, 'strike-review', 1, 'strike-review@1', 'default', CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'completed' END, 1, 1, 'emitter', id,
    CASE WHEN n % 100 = 0 THEN 'STEP_FAILED' END, CASE WHEN n % 100 = 0 THEN 'The registry did not answer.' END, at, at + interval '1 s'
  FROM (SELECT n, at, overlay(uuid_floor(at)::text PLACING '7' || lpad(to_hex(n % 4096), 3, '0') || '-8' FROM 15 FOR 6)::uuid AS id
        FROM (SELECT n, clock_timestamp() - interval '20 s' * n AS at FROM generate_series(1, ${MANY}) AS n) AS times) AS ids`;

const REPORT = {
  ...{ airport: 'LIHUE ARPT', aircraft: 'BELL-206', damage: 'Substantial', flightDate: '1990-09-23', operator: 'BUSINESS' },
  ...{ originState: 'Hawaii', phase: 'Descent', wildlifeSize: 'Medium', species: 'Unknown bird - medium', timeOfDay: 'Day' },
  ...{ costOther: 0, costRepair: 0, costTotal: 0 },
};

const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);
let database: pg.Client;

describeWithBrowser('runs', () => {
  beforeAll(async () => {
    await house.open({ environment: { STEPWELL_ROLES: 'api,worker' } });
    database = new pg.Client({ connectionString: house.databaseUrl });
    await database.connect();
    await database.query(SEED);
    await database.query('VACUUM ANALYZE runs');
  });
  afterAll(async () => {
    await database.end();
    await house.close();
  });

  it(
    'are 100,000 without a hitch: as one scrolls they come in pages, only those in sight are drawn, and Back finds the place again',
    scene('hundred-thousand', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      await page.getByRole('link', { name: 'Runs' }).click();
      await page.getByText('10,000+', { exact: true }).waitFor();
      const wanted = await idAt(2_000);
      const row = page.locator(`[data-run="${wanted}"]`);
      const window = page.getByRole('table').locator('..');
      let mostDrawn = 0;
      // As far as there are rows, and never past it.
      while ((await row.count()) === 0) {
        mostDrawn = Math.max(mostDrawn, await page.locator('[data-run]').count());
        await window.evaluate((box: { scrollTop: number }, top) => (box.scrollTop = top), 2_000 * ROW_PX);
      }
      expect(mostDrawn).toBeGreaterThan(10);
      expect(mostDrawn).toBeLessThan(MOST_DRAWN);

      await row.getByRole('link').click();
      await page.waitForURL(`**/runs/${wanted}`);
      await page.getByText('No step was reached.').waitFor();
      await page.goBack();
      await row.waitFor();
    }),
    SCENE_MS,
  );

  it(
    'are filtered by the address, which a reload and Back keep',
    scene('filters', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      await page.goto('/runs');
      await page.getByRole('group', { name: 'Status' }).getByText('Failed').click();
      await page.getByRole('status').getByText('1,000', { exact: true }).waitFor();
      await page.getByPlaceholder('Any time').click();
      await page.getByRole('option', { name: 'Last hour' }).click();
      await page.getByRole('status').getByText('1', { exact: true }).waitFor();
      await page.locator('[data-run]').getByText('The registry did not answer.').waitFor();
      const [failed] = await rowIds(operator);
      expect(new URL(page.url()).search).toBe('?status=failed&since=1h');

      await page.reload();
      await page.locator(`[data-run="${failed}"]`).getByText('The registry did not answer.').waitFor();
      expect(await page.getByRole('checkbox', { name: 'Failed' }).isChecked()).toBe(true);
      expect(await rowIds(operator)).toEqual([failed]);
      await page.locator(`[data-run="${failed}"]`).getByRole('link').click();
      await page.waitForURL(`**/runs/${failed}`);
      await page.goBack();
      await page.locator(`[data-run="${failed}"]`).waitFor();
      expect(new URL(page.url()).search).toBe('?status=failed&since=1h');
      await page.getByRole('button', { name: 'Clear', exact: true }).click();
      await page.getByText('10,000+', { exact: true }).waitFor();
    }),
    SCENE_MS,
  );

  it(
    'do not move under the hand: new ones are told, and shown when they are asked for; keys find and open one',
    scene('news', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      await page.goto('/runs');
      await page.getByRole('status', { name: 'Live: changes appear by themselves' }).waitFor();
      await page.locator('[data-run]').nth(3).hover();
      const before = await rowIds(operator);
      const started = await start(operator, 'news-1');
      const pill = page.getByRole('button', { name: /^1 new run$/ });
      await pill.waitFor();
      expect(await rowIds(operator)).toEqual(before);
      await pill.click();
      const first = page.locator('[data-run]').first();
      await first
        .and(page.locator(`[data-run="${started}"]`))
        .getByText('waits for a person')
        .waitFor();

      await operator.press('/');
      await page.keyboard.type('news-1');
      await operator.press('Enter');
      await page.getByRole('status').getByText('1', { exact: true }).waitFor();
      // They are counted by another question than the list.
      await page.locator('[data-run]').getByText('LIHUE ARPT').waitFor();
      expect(await rowIds(operator)).toEqual([started]);
      await operator.press('Tab', 'Escape');
      await page.evaluate('document.activeElement.blur()');
      await operator.press('ArrowDown');
      await page.locator(`[data-run="${started}"] a:focus`).waitFor();
      await operator.press('Enter');
      await page.waitForURL(`**/runs/${started}`);
    }),
    SCENE_MS,
  );

  it(
    'are paused, resumed, and canceled with a reason, after a question',
    scene('cancel', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      const run = await start(operator, 'cancel-1');
      await page.goto(`/runs/${run}`);
      const header = page.locator('main header').filter({ has: page.getByRole('heading', { level: 1 }) });
      await header.getByText('Waiting', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByRole('dialog', { name: 'Pause this run?' }).getByRole('button', { name: 'Pause' }).click();
      await header.getByText('Paused', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await header.getByText('Waiting', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Cancel run' }).click();
      const dialog = page.getByRole('dialog', { name: 'Cancel this run?' });
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('Reported twice.');
      await dialog.getByRole('button', { name: 'Cancel run' }).click();
      await header.getByText('Canceled', { exact: true }).waitFor();
      const { rows } = await database.query(`SELECT payload FROM journal WHERE run_id = $1 AND type = 'cancel.requested'`, [run]);
      expect(rows).toMatchObject([{ payload: { reason: 'Reported twice.' } }]);
    }),
    SCENE_MS,
  );

  it(
    'that failed are retried by another one, to which the page leads',
    scene('retry', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      await database.query('ALTER TABLE strike_review.filed_strikes RENAME TO away');
      // No damage: nobody has to look at it, and filing it fails.
      const failed = await start(operator, 'retry-1', { damage: 'None' });
      await page.goto(`/runs/${failed}`);
      const header = page.locator('main header').filter({ has: page.getByRole('heading', { level: 1 }) });
      await header.getByText('Failed', { exact: true }).waitFor();
      await database.query('ALTER TABLE strike_review.away RENAME TO filed_strikes');
      await page.getByRole('button', { name: 'Retry run' }).click();
      await page.getByRole('dialog', { name: 'Retry this run?' }).getByRole('button', { name: 'Retry' }).click();
      await page.waitForURL((url) => /^\/runs\/./.test(url.pathname) && !url.pathname.endsWith(failed));
      await header.getByText('Completed', { exact: true }).waitFor();
      await operator.region('Retries').getByRole('link', { name: 'The first run' }).click();
      await page.waitForURL(`**/runs/${failed}`);

      await page.goto(`/runs/${failed}?node=file-report`);
      await operator.region('Timeline').getByText('Attempt 5').waitFor();
    }),
    SCENE_MS,
  );
});

async function idAt(offset: number): Promise<string> {
  const { rows } = await database.query<{ id: string }>('SELECT id FROM runs ORDER BY id DESC OFFSET $1 LIMIT 1', [offset]);
  return rows[0]?.id ?? '';
}

function rowIds({ page }: Visitor): Promise<(string | undefined)[]> {
  return page.locator('[data-run]').evaluateAll((rows) => rows.map((row) => (row as unknown as { dataset: { run?: string } }).dataset.run));
}

/** A report that waits for a person. @param key its own, and that of the start */
async function start(operator: Visitor, key: string, report: Partial<typeof REPORT> = {}): Promise<string> {
  const { startRun } = await operator.ask(
    'mutation ($input: JSON, $key: String) { startRun(workflow: "strike-review", input: $input, idempotencyKey: $key) { run { id } errors { message } } }',
    { input: { ...REPORT, ...report, id: key }, key },
  );
  expect(startRun.errors).toEqual([]);
  return startRun.run.id as string;
}
