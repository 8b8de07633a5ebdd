/** A workflow's own screen while somebody writes it: beside a server, the development server of the pages shows each change as it is saved. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Locator } from 'playwright-core';
import { freePort } from '../setup/free-port.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { pdfOf } from './pdf.js';
import { compiledWithSettlements, DISPUTE, sendPaper } from './settlements.js';

const SCENE_MS = 240_000;
const SAVE_AGAIN_MS = 10_000;
const SCREEN = 'workflows/strike-followup/screens/resolve-dispute.tsx';

const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);

describeWithBrowser('a screen that is being written', () => {
  const project = compiledWithSettlements();
  const sources = copyOfSources();
  let pages: { readonly url: string; readonly process: ChildProcess } | undefined;
  beforeAll(() => house.open({ dist: project.dist }));
  afterAll(async () => {
    if (pages?.process.kill()) await new Promise((ended) => pages?.process.once('exit', ended));
    await house.close();
    project.remove();
    rmSync(sources, { recursive: true, force: true });
  });

  it(
    'is on the page as soon as it is saved, with what stands in the form; broken it shows its error and the form, and mended itself',
    scene('hot-reload', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      await reviewer.signInAs('operator');
      const { startRun } = await reviewer.ask('mutation ($input: JSON) { startRun(workflow: "dispute", input: $input) { run { id } } }', {
        input: DISPUTE,
      });
      await page.goto(`/runs/${startRun.run.id}`);
      await page.locator('a[href^="/inbox/"]').first().click();
      await reviewer.region('What we found').waitFor();
      const { origin, pathname } = new URL(page.url());
      pages = await startPages(sources, origin);

      // At the first visit it finds out what the pages import, and may load them anew for that.
      await page.goto(`${pages.url}${pathname}`);
      await reviewer.region('What we found').waitFor();
      await page.goto(`${pages.url}${pathname}`);
      const [found, form] = [reviewer.region('What we found'), reviewer.region('Your answer')];
      await found.getByText('We found it substantial').waitFor();
      await form.getByRole('radio', { name: 'Uphold' }).click();
      await page.evaluate('window.isStill = true');
      const written = readFileSync(join(sources, SCREEN), 'utf8');
      const save = (from: string, to: string, seen: Locator) => saved(join(sources, SCREEN), written.replace(from, to), seen);

      await save('We found it substantial', 'We found it grave', found.getByText('We found it grave'));
      expect(await form.getByRole('radio', { name: 'Uphold' }).isChecked()).toBe(true);
      const begin = 'const { strike, operator }';
      await save(begin, `throw new Error('There is no strike.'); ${begin}`, page.getByRole('alert').getByText('There is no strike.'));
      await form.getByRole('radio', { name: 'Uphold' }).waitFor();
      await save('', '', found.getByText('We found it substantial'));
      await save(begin, `const < ${begin}`, page.locator('vite-error-overlay'));
      await save('substantial', 'mended', found.getByText('We found it mended'));
      expect(await page.evaluate('window.isStill')).toBe(true);
      // It was told of what was broken.
      reviewer.complaints.length = 0;
    }),
    SCENE_MS,
  );

  it(
    'ties fields of its own to the documents that it shows, by their names alone, and decides without the form',
    scene('own-fields', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      await reviewer.signInAs('operator');
      const { origin } = new URL(page.url());
      pages ??= await startPages(sources, origin);
      writeFileSync(join(sources, SCREEN), OWN_FIELDS);
      const scan = await sendPaper(reviewer, 'scan.pdf', pdfOf([[{ x: 60, y: 700, text: 'It was one blade only.' }]]));
      const { startRun } = await reviewer.ask('mutation ($input: JSON) { startRun(workflow: "dispute", input: $input) { run { id } } }', {
        input: { scan, found: { resolution: { document: scan, box: [0.09, 0.13, 0.5, 0.05] } } },
      });
      await page.goto(`/runs/${startRun.run.id}`);
      const task = (await page.locator('a[href^="/inbox/"]').first().getAttribute('href')) ?? '';
      // At the first visit the server of the pages finds out what they import, and may load them anew for that.
      await page.goto(`${pages.url}${task}`);
      await reviewer.region('Documents').waitFor();
      await page.goto(`${pages.url}${task}`);

      const pane = reviewer.region('Documents');
      await pane.getByText('It was one blade only.').waitFor();
      const [place, lit] = [pane.getByRole('button', { name: 'Resolution: found here. Go to the field' }), pane.locator('[data-lit]')];
      await page.getByRole('button', { name: 'Close it' }).focus();
      await place.and(lit).waitFor();
      await page.getByRole('button', { name: 'Done' }).focus();
      await lit.waitFor({ state: 'detached' });
      await place.click();
      await page.locator('[data-field="resolution"] button:focus').waitFor();
      await page.keyboard.press('Enter');
      await page.getByText('You said: uphold').waitFor();
      await pane.getByText('It was one blade only.').waitFor();
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('heading', { name: 'Decided by you' }).waitFor();
      reviewer.complaints.length = 0;
    }),
    SCENE_MS,
  );
});

/** A component that has the documents, but not the form. */
const OWN_FIELDS = `
import { Button, SimpleGrid } from '@mantine/core';
import { Documents, useScreen } from '@stepwell/screens';
import type { ResolveDispute } from './resolve-dispute.screen.js';

export default function Own() {
  const { draft, setDraft, complete } = useScreen<ResolveDispute>();
  return (
    <SimpleGrid cols={2}>
      <Documents />
      <div>
        <div data-field="resolution">
          <Button onClick={() => setDraft({ resolution: 'uphold' })}>Uphold it</Button>
          <Button onClick={() => setDraft({ resolution: 'close' })}>Close it</Button>
        </div>
        <p>You said: {draft.resolution ?? 'nothing'}</p>
        <Button onClick={() => void complete()}>Done</Button>
      </div>
    </SimpleGrid>
  );
}
`;

/** What the pages are built of: the screen can be changed in it. */
function copyOfSources(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stepwell-sources-'));
  for (const part of ['apps/web', 'libs/screens', 'workflows', 'tsconfig.json', 'package.json'])
    cpSync(part, join(folder, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** As the guide says. @param server the address of the server beside it */
async function startPages(folder: string, server: string): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const port = String(await freePort());
  const process = spawn('node_modules/.bin/vite', ['--config', 'apps/web/vite.config.ts', '--host', '127.0.0.1', '--port', port], {
    cwd: folder,
    env: { ...globalThis.process.env, STEPWELL_URL: server },
    stdio: 'pipe',
  });
  await new Promise<void>((ready, fail) => {
    let said = '';
    for (const stream of [process.stdout, process.stderr])
      stream.on('data', (piece: Buffer) => {
        said += piece.toString();
        if (said.includes(port)) ready();
      });
    process.once('exit', () => fail(new Error(`The development server ended: ${said}`)));
  });
  return { url: `http://127.0.0.1:${port}`, process };
}

/**
 * Saves, and again when nothing comes of it, as a person does. Nobody saves twice within 50 ms, which the watcher of the development server
 * takes for once; a test does, which sees the page in less.
 */
async function saved(file: string, text: string, seen: Locator): Promise<void> {
  do writeFileSync(file, text);
  while (!(await seen.waitFor({ timeout: SAVE_AGAIN_MS }).then(() => true, () => false))); // prettier-ignore
}
