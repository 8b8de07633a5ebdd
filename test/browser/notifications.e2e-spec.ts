/** From a task to the mail of it, and back by its links, with a real mail server and a real browser. */
import { MailServer } from '../notifications/mail-server.js';
import { seriousFindings } from './accessibility.js';
import { compiledWithApprovals } from './approvals.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import type { Visitor } from './visitor.js';

const SCENE_MS = 240_000;

const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);

describeWithBrowser('a reviewer who is told by mail', () => {
  const project = compiledWithApprovals();
  let mail: MailServer;
  beforeAll(async () => {
    mail = await MailServer.start();
    await house.open({
      dist: project.dist,
      environment: { STEPWELL_SMTP_URL: mail.url, STEPWELL_MAIL_FROM: 'Stepwell <stepwell@example.com>' },
    });
  });
  afterAll(async () => {
    await house.close();
    await mail.stop();
    project.remove();
  });

  it(
    'confirms the address, decides by a link and not by looking at it, and unsubscribes',
    scene('mail', async () => {
      const reviewer = await house.visit({ colorScheme: 'dark' });
      const { page } = reviewer;
      await reviewer.signInAs('reviewer');
      await page.getByRole('button', { name: /^Account of / }).click();
      await page.getByRole('menuitem', { name: 'Notifications' }).click();
      await page.getByRole('textbox', { name: 'Address' }).fill('reviewer@example.com');
      await page.getByRole('button', { name: 'Send a link' }).click();
      await page.getByText('Waits for you to open the link').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      const asks = await mail.until(({ headers }) => headers['subject']?.startsWith('Confirm') ?? false);
      await page.goto(pathIn(asks.text, /\/notifications\/confirm\/\S+/));
      expect(await isVerified(reviewer)).toBe(false);
      await page.getByRole('button', { name: 'Confirm this address' }).click();
      await page.getByText('From now on you are told of your tasks at reviewer@example.com.').waitFor();

      const runId = await startApproval(reviewer, 'Nord & Söhne <AG>');
      const told = await mail.until(({ headers }) => headers['subject']?.startsWith('Yours to decide') ?? false);
      expect(told.text).toContain('Approve an invoice: Invoice of Nord & Söhne <AG>');
      expect(told.html).toContain('Nord &amp; Söhne &lt;AG&gt;');
      const [approve, refuse] = [pathIn(told.text, /Approve: http\S+/), pathIn(told.text, /Refuse: http\S+/)];

      // As a program does that looks for viruses before the mail is read.
      for (const method of ['HEAD', 'GET']) {
        const response = await reviewer.page.request.fetch(approve, { method });
        expect([response.status(), response.headers()['referrer-policy']]).toEqual([200, 'no-referrer']);
      }
      await page.goto(approve);
      await page.getByRole('heading', { level: 1, name: 'Invoice of Nord & Söhne <AG>' }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      expect(await taskOf(reviewer, runId)).toMatchObject({ status: 'open', answer: null });

      const stranger = await house.visit();
      await stranger.signInAs('operator');
      await stranger.page.goto(approve);
      await stranger.page.getByText('This link is for somebody else.').waitFor();

      await page.getByRole('button', { name: 'Approve', exact: true }).click();
      await page.getByText('Decided: Approve.').waitFor();
      expect(await taskOf(reviewer, runId)).toMatchObject({ status: 'completed', answer: { verdict: 'approve' } });
      await page.goto(approve);
      await page.getByText('This link has been used.').waitFor();
      await page.goto(refuse);
      await page.getByText('This task is over: it was completed.').waitFor();

      const anybody = await house.visit();
      await anybody.page.goto(told.headers['list-unsubscribe']?.slice(1, -1) ?? '');
      await anybody.page.getByRole('button', { name: 'Send me no more' }).click();
      await anybody.page.getByText('No more mail is sent to you.').waitFor();
      await page.goto('/notifications');
      await page.getByRole('checkbox', { name: 'By e-mail' }).waitFor();
      expect(await page.getByRole('checkbox', { name: 'By e-mail' }).isChecked()).toBe(false);
    }),
    SCENE_MS,
  );
});

function pathIn(text: string, pattern: RegExp): string {
  const url = /http\S+|\/\S+/.exec(pattern.exec(text)?.[0] ?? '')?.[0] ?? '';
  return url.replace(/^https?:\/\/[^/]+/, '');
}

async function isVerified(reviewer: Visitor): Promise<boolean> {
  return (await reviewer.ask('{ notificationSettings { isAddressVerified } }')).notificationSettings.isAddressVerified as boolean;
}

async function startApproval(reviewer: Visitor, supplier: string): Promise<string> {
  const { viewer } = await reviewer.ask('{ viewer { name } }');
  const operator = await house.visit();
  await operator.signInAs('operator');
  const { startRun } = await operator.ask('mutation ($input: JSON) { startRun(workflow: "approval", input: $input) { run { id } } }', {
    input: { buyer: viewer.name, supplier, total: '1200.00' },
  });
  return startRun.run.id as string;
}

async function taskOf(reviewer: Visitor, runId: string): Promise<unknown> {
  return (await reviewer.ask('query ($id: ID!) { run(id: $id) { tasks { status answer } } }', { id: runId })).run.tasks[0];
}
