/**
 * Starting runs by hand, by an event and from a step of another, the schedules' buttons and an incident, in a real browser. No schedule
 * fires here by itself, so what starts is what a test starts; the example workflows are hosted beside the tests' own (claims.ts).
 */
import type { CompiledProject } from '../server/compiled-with.js';
import { seriousFindings } from './accessibility.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { compiledWithClaims } from './claims.js';
import { Registry } from './registry.js';
import type { Visitor } from './visitor.js';

const SCENE_MS = 180_000;
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n');
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890007d00049444154', 'hex');
/** The report's key has at most 100 characters. */
const TOO_LONG = 'form-1'.padEnd(101, '!');
const RUNS_OF = 'query ($workflow: String!) { runs(first: 9, filter: { workflow: $workflow }) { edges { node { id input } } } }';

const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);
let project: CompiledProject;

describeWithBrowser('workflows and schedules', () => {
  beforeAll(async () => {
    project = compiledWithClaims();
    await house.open({ dist: project.dist, environment: { STEPWELL_ROLES: 'api,worker' } });
  });
  afterAll(async () => {
    await house.close();
    project.remove();
  });

  it(
    'start one run from the form, by a double click: after a wrong value, which is told at its field and loses nothing',
    scene('start-form', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      await page.getByRole('link', { name: 'Workflows' }).click();
      await page.getByRole('link', { name: /^Review of a wildlife strike/ }).click();
      await page.getByRole('link', { name: 'Start a run' }).click();
      const field = (name: string) => page.getByRole('textbox', { name, exact: true });
      const report = {
        ...{
          Report: TOO_LONG,
          Airport: 'LIHUE ARPT',
          Aircraft: 'BELL-206',
          'Reported damage': 'Substantial',
          'Flight date': '1990-09-23',
        },
        ...{ Operator: 'BUSINESS', State: 'Hawaii', 'Phase of flight': 'Descent', 'Size of the animal': 'Medium', Species: 'Unknown bird' },
        ...{ 'Time of day': 'Day', 'Other cost in US dollars': '0', 'Repair cost in US dollars': '0', 'Total cost in US dollars': '0' },
      };
      for (const [name, value] of Object.entries(report)) await field(name).fill(value);
      const typed = await valuesOf(operator);
      expect(typed).toHaveLength(Object.keys(report).length + 1);
      const button = page.getByRole('button', { name: 'Start', exact: true });
      await button.click();
      await page.getByText('What to change stands beside each field.').waitFor();
      await page.locator('[aria-invalid="true"]:focus').waitFor();
      await page.getByText('At most 100 characters').filter({ visible: true }).waitFor();
      const wrong = await page.locator('[aria-invalid="true"]').evaluateAll((all) => all.map((one) => one.getAttribute('name')));
      expect(wrong).toEqual(['answer_id']);
      expect(await valuesOf(operator)).toEqual(typed);
      expect(await runsOf(operator, 'strike-review')).toEqual([]);

      await field('Report').fill('form-1');
      const sent: string[] = [];
      page.on('request', (request) => void (/StartRun/.test(request.postData() ?? '') && sent.push(request.url())));
      // Both within one frame, before the button can know of the first.
      await button.evaluate((one: { click(): void }) => [one, one].forEach((each) => each.click()));
      await page.waitForURL(/\/runs\/./);
      await page.getByRole('heading', { level: 1, name: 'Review of a wildlife strike' }).waitFor();
      const runs = await runsOf(operator, 'strike-review');
      expect(runs).toMatchObject([{ input: { id: 'form-1', flightDate: '1990-09-23', costTotal: 0 } }]);
      expect(page.url()).toMatch(new RegExp(`/runs/${runs[0]?.id}$`));
      expect(sent).toHaveLength(1);
    }),
    SCENE_MS,
  );

  it(
    'take files: a wrong one is refused at its field, one that did not arrive is sent again; JSON gives what the form cannot',
    scene('files', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      await page.goto('/workflows/claim/start');
      await page.getByRole('textbox', { name: 'Reference' }).fill('C-1');
      await page.getByRole('textbox', { name: 'Amount' }).fill('250');
      const [report, photos] = [page.getByRole('group', { name: 'Report' }), page.getByRole('group', { name: 'Photos' })];
      await report.locator('input[type=file]').setInputFiles({ name: 'wing.png', mimeType: 'image/png', buffer: PNG });
      await report.getByText('It is image/png; this field takes application/pdf.').waitFor();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await report.getByText('Needs a file').waitFor();

      await page.route('**/documents', (route) => route.fulfill({ status: 503, json: { message: 'The store is away.' } }), { times: 1 });
      await report.locator('input[type=file]').setInputFiles({ name: 'report.pdf', mimeType: 'application/pdf', buffer: PDF });
      await report.getByText('The store is away.').waitFor();
      await report.getByRole('button', { name: 'Try again' }).click();
      await report.getByRole('button', { name: 'Choose another file' }).waitFor();
      let arrived = 0;
      const both = page.waitForResponse((answer) => answer.url().endsWith('/documents') && (arrived += 1) === 2);
      await photos
        .locator('input[type=file]')
        .setInputFiles(['1.png', '2.png'].map((name) => ({ name, mimeType: 'image/png', buffer: PNG })));
      await both;
      for (const name of ['1.png', '2.png']) await photos.getByRole('button', { name: `Remove ${name}` }).waitFor();
      // Who leaves the form takes with him what it is still sending.
      await photos.locator('[aria-label^="Sending "]').first().waitFor({ state: 'detached' });

      await page.getByRole('note').getByText('channel', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Give it as JSON' }).click();
      const json = page.getByRole('textbox', { name: 'Input as JSON' });
      const typed = JSON.parse(await json.inputValue()) as object;
      await json.fill('{ channel: post');
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.getByText('This is not JSON').waitFor();
      await json.fill(JSON.stringify({ ...typed, channel: 'post' }));
      await page.getByRole('radiogroup', { name: 'How to give the input' }).getByText('Form').click();
      await report.getByText('report.pdf').waitFor();
      expect(await page.getByRole('note').count()).toBe(0);
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.waitForURL(/\/runs\/./);

      const file = (fileName: string) => ({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, fileName });
      const input = { reference: 'C-1', amount: 250, report: file('report.pdf'), photos: [file('1.png'), file('2.png')], channel: 'post' };
      const [run] = await runsOf(operator, 'claim');
      expect(run?.input).toEqual({ ...input, photos: expect.arrayContaining(input.photos) });
      const { id } = (run?.input as typeof input).report;
      expect((await page.request.get(`/documents/${id}`)).headers()['content-type']).toBe('application/pdf');
      // The refusal above was the test's own.
      operator.complaints.splice(0, Infinity, ...operator.complaints.filter((complaint) => !/503/.test(complaint)));
    }),
    SCENE_MS,
  );

  it(
    'pause a schedule with a reason, which a colleague reads, resume it, and run it out of turn',
    scene('schedule', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      await page.getByRole('link', { name: 'Schedules' }).click();
      const card = page.getByRole('article', { name: 'Schedule of digest' });
      await card.getByText('At 06:00, Monday through Friday').waitFor();
      await card.getByRole('button', { name: 'Pause' }).click();
      const dialog = page.getByRole('dialog', { name: 'Pause this schedule?' });
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('The mail server moves.');
      await dialog.getByRole('button', { name: 'Pause' }).click();
      await card.getByRole('status').getByText('Paused by Demo operator').waitFor();

      const reviewer = await house.visit();
      await reviewer.signInAs('reviewer');
      await reviewer.page.goto('/schedules');
      const seen = reviewer.page.getByRole('article', { name: 'Schedule of digest' });
      await seen.getByRole('status').getByText('The mail server moves.').waitFor();
      expect(await seen.getByRole('button').count()).toBe(0);

      await card.getByRole('button', { name: 'Resume' }).click();
      await card.getByRole('button', { name: 'Pause' }).waitFor();
      expect(await card.getByRole('status').count()).toBe(0);
      await card.getByRole('button', { name: 'Run now' }).click();
      await page.waitForURL(/\/runs\/./);
      await page.getByRole('heading', { level: 1, name: 'Send the digest' }).waitFor();
      expect(await runsOf(operator, 'digest')).toHaveLength(1);
    }),
    SCENE_MS,
  );

  it(
    'name the calendar by which they count: a reviewer sees without a mouse who else does, and why a time is due when it is',
    scene('calendar', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      await reviewer.signInAs('reviewer');
      await page.goto('/calendars');
      await page.locator('[data-calendar="strike-office"]').press('Enter');
      await page.waitForURL('**/calendars/strike-office');
      const due = reviewer.region('When is it due?');
      await due.getByLabel('Begins').fill('2026-12-24T15:00');
      const time = due.getByRole('textbox', { name: 'Time' });
      await time.fill('2 moons');
      await time.press('Enter');
      await due.getByText('Write 2bd, 4bh, 30bm or 36h.').waitFor();
      await time.fill('');
      await time.press('Enter');
      await due.getByText('Needs a time, such as 2bd.').waitFor();
      await due.getByRole('list', { name: 'Day by day' }).getByRole('listitem').first().waitFor();
      await time.fill('2bd');
      await time.press('Enter');
      await due.getByRole('status').getByText('Tue, 29 Dec 2026, 15:00').waitFor();
      await time.and(page.locator(':focus')).waitFor();
      expect(await due.getByRole('list', { name: 'Day by day' }).getByRole('listitem').allInnerTexts()).toEqual([
        expect.stringMatching(/^Thu,? 24 Dec\s+begins at 15:00$/),
        expect.stringMatching(/^Fri,? 25 Dec\s+Christmas Day$/),
        expect.stringMatching(/^Sat,? 26 Dec\s+no working day$/),
        expect.stringMatching(/^Sun,? 27 Dec\s+no working day$/),
        expect.stringMatching(/^Mon,? 28 Dec\s+day 1$/),
        expect.stringMatching(/^Tue,? 29 Dec\s+day 2$/),
      ]);
      await page.goto('/calendars/strike-office?year=2026');
      await page.getByRole('link', { name: '2027' }).press('Enter');
      await page.getByRole('list', { name: 'Unusual days of 2027' }).getByText('Thanksgiving Day').waitFor();
      await page.getByRole('table', { name: 'November 2027' }).getByText('Thanksgiving Day').waitFor({ state: 'attached' });
      await page.getByRole('link', { name: 'Follow-up with the operator' }).press('Enter');
      await page.getByRole('link', { name: 'Calendar', exact: true }).press('Enter');
      await page.waitForURL('**/calendars/strike-office');
    }),
    SCENE_MS,
  );

  it(
    'have addresses that are understood or say what is wrong with them, and lead back: a wrong filter never shows everything',
    scene('addresses', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      for (const [address, problem, back] of [
        ['/runs?status=foo', 'status', 'Show all runs'],
        ['/sessions?q=a%00', 'q', 'Show all sessions'],
        ['/agreement?workflow=%00', 'workflow', 'Show all workflows'],
        ['/team?reviewer=%00', 'reviewer', 'Show the last 30 days'],
        ['/team?from=2001-01-01&to=2026-01-01', 'from', 'Show the last 30 days'],
        ['/calendars/strike-office?of=soon', 'of', 'Show the calendar as it is today'],
      ] as const) {
        await page.goto(address);
        await page.getByText(`What it says of “${problem}” means nothing to this page.`).waitFor();
        expect(await page.locator('[data-item], [data-run], table').count()).toBe(0);
        await page.reload();
        await page.getByText(`What it says of “${problem}” means nothing to this page.`).waitFor();
        expect(await seriousFindings(page)).toEqual([]);
        await page.getByRole('link', { name: back }).press('Enter');
        await page.getByText('The address is not understood').waitFor({ state: 'detached' });
        expect(new URL(page.url()).search).toBe('');
      }
    }),
    SCENE_MS,
  );

  it(
    'park a step whose service is away: the run waits with an incident that says why, and the retry goes on in the same run',
    scene('incident', async () => {
      const registry = await Registry.open();
      try {
        const operator = await house.visit();
        const { page } = operator;
        await operator.signInAs('operator');
        const { startRun } = await operator.ask('mutation ($input: JSON) { startRun(workflow: "filing", input: $input) { run { id } } }', {
          input: { registry: registry.url, claim: 'C-7' },
        });
        const id = startRun.run.id as string;
        await page.getByRole('link', { name: 'Runs' }).click();
        await page.getByText('Incidents', { exact: true }).click();
        const row = page.locator(`[data-run="${id}"]`);
        await row.getByText('Waiting', { exact: true }).waitFor();
        await row.getByText('waits for an operator (incident)').waitFor();
        await row.getByRole('link').click();
        await page.waitForURL(`**/runs/${id}`);

        const header = page.locator('main header').filter({ has: page.getByRole('heading', { level: 1, name: 'File a claim' }) });
        await header.getByText('Waiting', { exact: true }).waitFor();
        await header.getByText('for an operator (incident)').waitFor();
        const incident = page.getByRole('alert').filter({ hasText: 'Incident in File' });
        await incident.getByText('The registry answered 503: closed for maintenance').waitFor();
        await incident.getByRole('link', { name: 'Show its attempts' }).click();
        const timeline = operator.region('Timeline');
        await timeline.getByRole('button', { name: /^File , step, incident/ }).waitFor();
        await timeline.getByText('Attempt 2').waitFor();
        expect(await timeline.getByText('The registry answered 503: closed for maintenance').count()).toBe(2);
        expect(await timeline.getByText('Incident', { exact: true }).count()).toBe(1);
        await operator
          .region('Graph')
          .getByRole('group', { name: /^Step file, .*incident/ })
          .waitFor();
        expect(await seriousFindings(page)).toEqual([]);

        registry.isAway = false;
        await page.getByRole('button', { name: 'Retry step' }).click();
        const dialog = page.getByRole('dialog', { name: 'Retry this step?' });
        await dialog.getByRole('textbox', { name: 'Reason' }).fill('The registry is back.');
        await dialog.getByRole('button', { name: 'Retry', exact: true }).click();
        await header.getByText('Completed', { exact: true }).waitFor();
        await incident.waitFor({ state: 'detached' });
        expect(new URL(page.url()).pathname).toBe(`/runs/${id}`);
        await page.getByText('Filed as R-1').first().waitFor();
        expect(await operator.region('Retries').count()).toBe(0);
        expect(await runsOf(operator, 'filing')).toMatchObject([{ id }]);
        expect(registry.calls).toHaveLength(3);
        expect(new Set(registry.calls).size).toBe(1);
        expect([...registry.filed.values()]).toEqual(['C-7']);
      } finally {
        await registry.close();
      }
    }),
    SCENE_MS,
  );

  it(
    'fail for good and become dead letters: with another input one is put in again, another is dismissed, and the list is empty',
    scene('dead-letters', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      await page.getByRole('link', { name: 'Dead letters' }).click();
      await page.getByText('No dead letters', { exact: true }).waitFor();
      const START = 'mutation ($input: JSON) { startRun(workflow: "payout", input: $input) { run { id } } }';
      const start = async (account: string) => (await operator.ask(START, { input: { account, amount: 5 } })).startRun.run.id as string;
      const [first, second] = [await start('XX-1'), await start('XX-2')];
      await page.locator(`[data-letter="${first}"]`).waitFor();
      await page.locator(`[data-letter="${second}"]`).getByText('There is no account XX-2.').waitFor();
      await page.setViewportSize({ width: 400, height: 800 });
      expect(await seriousFindings(page)).toEqual([]);
      await page.locator(`[data-letter="${first}"]`).click();
      await page.getByRole('heading', { level: 1, name: 'Pay out' }).waitFor();
      const attempts = operator.region('Attempts');
      await attempts.getByText('Attempt 1').waitFor();
      await attempts.getByText('There is no account XX-1.').waitFor();
      await attempts.getByTitle('Host and process id').waitFor();
      const account = page.getByRole('textbox', { name: 'Account', exact: true });
      await account.waitFor();
      expect(await account.inputValue()).toBe('XX-1');
      expect(await seriousFindings(page)).toEqual([]);
      await page.setViewportSize({ width: 1400, height: 900 });
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await seriousFindings(page)).toEqual([]);

      await account.fill('C');
      const again = page.getByRole('button', { name: 'Put in again' });
      await again.click();
      await page.getByText('At least 3 characters').filter({ visible: true }).waitFor();
      await account.fill('CH-1');
      await again.click();
      await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(first));
      await page.getByText('as a fork').waitFor();
      await page.locator('main header').getByText('Completed', { exact: true }).waitFor();
      await page.goto(`/runs/${first}`);
      await page.getByText('Put in again by Demo operator').waitFor();

      await page.goto('/dead-letters?workflow=payout');
      await page.getByRole('button', { name: 'Dismiss all…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Dismiss one dead letter?' });
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('Paid by hand.');
      await dialog.getByRole('button', { name: 'Dismiss them' }).click();
      await page.getByText('No dead letter fits this filter').waitFor();
      await page.goto(`/runs/${second}`);
      await page.getByText('Dismissed by Demo operator: Paid by hand.').waitFor();
    }),
    SCENE_MS,
  );

  it(
    'start by an event that a person emits: its page leads to the run, and the run back to it',
    scene('event', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      await page.getByRole('link', { name: 'Events' }).click();
      await page.getByRole('button', { name: 'Emit an event' }).click();
      const dialog = page.getByRole('dialog', { name: 'Emit an event' });
      await dialog.getByRole('textbox', { name: 'Name' }).fill('parcel.sent');
      const payload = dialog.getByRole('textbox', { name: 'Payload' });
      await payload.fill('{ parcel: P-1 }');
      await dialog.getByRole('button', { name: 'Emit', exact: true }).click();
      await dialog.getByText('This is no JSON').waitFor();
      await payload.fill('{ "parcel": "P-1" }');
      await dialog.getByRole('button', { name: 'Emit', exact: true }).click();
      await page.waitForURL(/\/events\/./);
      await page.getByRole('heading', { level: 1, name: 'parcel.sent' }).waitFor();
      const deliveries = operator.region('Deliveries');
      await deliveries.getByText('starts courier').waitFor();
      await deliveries.getByText('Completed', { exact: true }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await deliveries.getByRole('link', { name: 'Send a courier' }).click();
      await page.getByRole('heading', { level: 1, name: 'Send a courier' }).waitFor();
      await page.getByText('by an event').waitFor();
      await page.getByRole('link', { name: /parcel\.sent/ }).click();
      await page.getByRole('heading', { level: 1, name: 'parcel.sent' }).waitFor();
    }),
    SCENE_MS,
  );

  it(
    'fork a run from a step with another input: only what comes from there on is done, in a run of its own',
    scene('fork', async () => {
      const registry = await Registry.open();
      registry.isAway = false;
      try {
        const operator = await house.visit();
        const { page } = operator;
        await operator.signInAs('operator');
        const { startRun } = await operator.ask('mutation ($input: JSON) { startRun(workflow: "filing", input: $input) { run { id } } }', {
          input: { registry: registry.url, claim: 'C-1' },
        });
        const id = startRun.run.id as string;
        await page.goto(`/runs/${id}`);
        await page.getByText('Filed as R-1').first().waitFor();
        await operator
          .region('Timeline')
          .getByRole('button', { name: /^File , step/ })
          .click();
        await page.getByRole('button', { name: 'Fork from here' }).click();
        const dialog = page.getByRole('dialog', { name: 'Fork from file?' });
        const input = dialog.getByRole('textbox', { name: 'Input' });
        await input.fill('{ "claim": ');
        await dialog.getByRole('button', { name: 'Fork', exact: true }).click();
        await dialog.getByText('The input is not JSON.').waitFor();
        await input.fill(JSON.stringify({ registry: registry.url, claim: 'C-2' }));
        await dialog.getByRole('textbox', { name: 'Reason' }).fill('The claim had a wrong number.');
        await dialog.getByRole('button', { name: 'Fork', exact: true }).click();
        await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(id));
        await page.getByText('as a fork').waitFor();
        await page.getByText('Filed as R-2').first().waitFor();
        expect([...registry.filed.values()]).toEqual(['C-1', 'C-2']);
        const [forked, source] = await runsOf(operator, 'filing');
        expect([forked, source]).toMatchObject([{ input: { claim: 'C-2' } }, { input: { claim: 'C-1' } }]);

        await page.getByText('Checkpoints', { exact: true }).click();
        const checkpoints = page.getByRole('list', { name: 'Checkpoints' }).getByRole('listitem');
        await checkpoints.filter({ hasText: 'check' }).getByRole('checkbox').check();
        await checkpoints.filter({ hasText: 'confirm' }).getByRole('checkbox').check();
        const diff = page.getByRole('region', { name: /^From checkpoint \d+ to \d+$/ });
        await diff.getByText('Filed as R-2').waitFor();
        expect(await diff.getByText('Added').count()).toBe(2);
        const here = page.url();
        await checkpoints.filter({ hasText: 'file' }).getByRole('button', { name: 'Fork from here' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Fork', exact: true }).click();
        await page.waitForURL((url) => url.pathname.startsWith('/runs/') && url.href !== here);
        await page.getByText('Filed as R-2').first().waitFor();
        expect(registry.filed.size).toBe(2);

        await page.goto(here);
        await page.getByText('Checkpoints', { exact: true }).click();
        const kept = checkpoints.filter({ hasText: 'file' });
        const file = page.waitForEvent('download');
        await kept.getByRole('button', { name: 'Export' }).click();
        expect((await file).suggestedFilename()).toMatch(/^run-[0-9a-f-]+-\d+\.checkpoint$/);
        await kept.getByRole('button', { name: 'Prune those before' }).click();
        await page.getByRole('dialog', { name: 'Prune 1 checkpoint?' }).getByRole('button', { name: 'Prune' }).click();
        await checkpoints.filter({ hasText: 'check' }).waitFor({ state: 'detached' });
        expect(await checkpoints.count()).toBe(2);
      } finally {
        await registry.close();
      }
    }),
    SCENE_MS,
  );

  it(
    'let a run that was stopped behind a step go on, by an operator, after a question',
    scene('stopped', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      const { startRun } = await operator.ask('mutation { startRun(workflow: "grant") { run { id } } }');
      await page.goto(`/runs/${startRun.run.id}`);
      await page.getByText('for its checkpoint to be run').waitFor();
      await page.getByRole('status').getByText('Stopped behind Check').waitFor();
      await page.getByRole('button', { name: 'Go on behind check' }).click();
      const dialog = page.getByRole('dialog', { name: 'Let the run go on behind check?' });
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('The council agrees.');
      expect(await seriousFindings(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await page.locator('main header').getByText('Completed', { exact: true }).waitFor();
      expect(await page.getByRole('button', { name: /^Go on/ }).count()).toBe(0);
      const said = operator.region('Interventions').getByRole('listitem');
      await said.getByText(/^Let go on behind Check by /).waitFor();
      await said.getByText('The council agrees.').waitFor();
      expect(await said.count()).toBe(1);
      await page.getByText('Stopped behind Check').waitFor({ state: 'detached' });
      expect(await runsOf(operator, 'grant')).toHaveLength(1);
    }),
    SCENE_MS,
  );

  it(
    'take runs to a newer version: those that wait at a node, after a look at what would become of them, and back',
    scene('migration', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      const START = 'mutation { a: startRun(workflow: "lease") { run { id } } b: startRun(workflow: "lease") { run { id } } }';
      const { a, b } = await operator.ask(START);
      // While a worker looks at one, it is left alone.
      const bothWait = async () => {
        const runs = (await operator.ask(`{ a: run(id: "${a.run.id}") { status } b: run(id: "${b.run.id}") { status } }`)) as object;
        return Object.values(runs).every(({ status }: { status: string }) => status === 'waiting');
      };
      while (!(await bothWait()));
      await page.goto('/workflows/lease');
      const panel = operator.region('Migrate runs of version 1 to version 2');
      const choose = async (node: string) => {
        await panel.getByRole('combobox', { name: 'Waits at' }).click();
        await page.getByRole('option', { name: node, exact: true }).click();
        await panel.getByRole('button', { name: 'Dry run' }).click();
      };
      await choose('hand-over');
      await panel.getByText('No run that fits waits.').waitFor();
      await choose('sign');
      await panel.getByText('2 possible', { exact: true }).waitFor();
      await panel.getByRole('region', { name: 'Lost' }).getByText('the output of check').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await panel.getByRole('button', { name: 'Migrate 2 runs' }).click();
      await panel.getByText('2 migrated', { exact: true }).waitFor();
      while (!(await bothWait()));
      await panel.getByRole('button', { name: 'Undo 2 runs' }).click();
      await panel.getByText('2 undone', { exact: true }).waitFor();
    }),
    SCENE_MS,
  );

  it(
    'hold runs together in a session: its page tells what they share, and closes it with all of them',
    scene('session', async () => {
      const operator = await house.visit();
      const { page } = operator;
      await operator.signInAs('operator');
      const name = 'week/28';
      await operator.ask('mutation ($name: String!) { openSession(name: $name, data: { boxes: 3 }) { errors { code } } }', { name });
      const START = 'mutation ($name: String) { startRun(workflow: "digest", session: $name) { run { id } } }';
      const { startRun } = await operator.ask(START, { name });
      await page.goto(`/runs/${startRun.run.id}`);
      await page.getByRole('link', { name }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await operator.region('shared data').getByText('Boxes').waitFor();
      await operator.region('Runs').getByText('1 run, 1 live').waitFor();
      await page.getByRole('button', { name: 'Close' }).click();
      const dialog = page.getByRole('dialog', { name: 'Close this session for good?' });
      await dialog.getByRole('checkbox', { name: /^Cancel its runs/ }).check();
      await dialog.getByRole('button', { name: 'Close, and cancel its runs' }).click();
      await operator.region('Runs').getByText('Canceled', { exact: true }).waitFor();
      await page.getByRole('link', { name: 'Sessions' }).first().click();
      await page.getByRole('textbox', { name: 'A part of the name' }).fill('WEEK');
      await operator.press('Enter');
      await page.locator(`[data-session="${name}"]`).getByText('Completed', { exact: true }).waitFor();
      expect(new URL(page.url()).search).toBe('?q=WEEK');
    }),
    SCENE_MS,
  );

  it(
    'let the nodes of a graph be reached and read by keyboard',
    scene('graph-keys', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      await reviewer.signInAs('reviewer');
      await page.goto('/workflows/strike-review');
      const graph = page.getByRole('group', { name: 'Graph of Review of a wildlife strike' });
      await graph.getByRole('group', { name: 'Screen Review a wildlife strike, due in 3 business days, undo for 5 s' }).waitFor();
      const names: (string | null)[] = [];
      const focused = page.locator('.react-flow__node:focus');
      const nodes = await graph.locator('.react-flow__node[tabindex="0"]').count();
      await graph.locator('.react-flow__node[tabindex="0"]').first().focus();
      for (; names.length < nodes; await reviewer.press('Tab')) names.push(await focused.getAttribute('aria-label'));
      expect(names).toEqual(
        expect.arrayContaining([expect.stringMatching(/^Step triage/), expect.stringMatching(/^Screen Review a wild/)]),
      );
      expect(new Set(names).size).toBe(nodes);
      do await reviewer.press('Shift+Tab');
      while (!/^Screen/.test((await focused.getAttribute('aria-label')) ?? ''));
      await reviewer.press('Enter');
      await reviewer.region('Chosen node').getByText('review-strike', { exact: true }).waitFor();
      await reviewer.press('Escape');
      await reviewer.region('Chosen node').waitFor({ state: 'detached' });
    }),
    SCENE_MS,
  );
});

async function runsOf(visitor: Visitor, workflow: string): Promise<readonly { id: string; input: unknown }[]> {
  const { runs } = await visitor.ask(RUNS_OF, { workflow });
  return (runs.edges as { node: { id: string; input: unknown } }[]).map(({ node }) => node);
}

/** Of every field of the form. */
function valuesOf({ page }: Visitor): Promise<string[]> {
  return page
    .locator('form')
    .locator('input:not([type=radio], [type=hidden]), textarea')
    .evaluateAll((all) => all.map((one) => (one as unknown as { value: string }).value));
}
