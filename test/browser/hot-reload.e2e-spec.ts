/** A workflow's own screen while somebody writes it: beside a server, the development server of the pages shows each change as it is saved. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { compiledWithSettlements, DISPUTE } from './settlements.js';

const SCENE_MS = 240_000;
const SCREEN = 'workflows/strike-followup/screens/resolve-dispute.tsx';

const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);

describeWithBrowser('a screen that is being written', () => {
  const project = compiledWithSettlements();
  const sources = copyOfSources();
  let pages: ChildProcess | undefined;
  beforeAll(() => house.open({ dist: project.dist }));
  afterAll(async () => {
    if (pages?.kill()) await new Promise((ended) => pages?.once('exit', ended));
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
      const served = await startPages(sources, origin);
      pages = served.process;

      // At the first visit it finds out what the pages import, and may load them anew for that.
      await page.goto(`${served.url}${pathname}`);
      await reviewer.region('What we found').waitFor();
      await page.goto(`${served.url}${pathname}`);
      const [found, form] = [reviewer.region('What we found'), reviewer.region('Your answer')];
      await found.getByText('We found it substantial').waitFor();
      await form.getByRole('radio', { name: 'Uphold' }).click();
      await page.evaluate('window.isStill = true');
      const written = readFileSync(join(sources, SCREEN), 'utf8');
      const write = (from: string, to: string) => writeFileSync(join(sources, SCREEN), written.replace(from, to));

      write('We found it substantial', 'We found it grave');
      await found.getByText('We found it grave').waitFor();
      expect(await form.getByRole('radio', { name: 'Uphold' }).isChecked()).toBe(true);
      const begin = 'const { strike, operator }';
      write(begin, `throw new Error('There is no strike.'); ${begin}`);
      await page.getByRole('alert').getByText('There is no strike.').waitFor();
      await form.getByRole('radio', { name: 'Uphold' }).waitFor();
      write('', '');
      await found.getByText('We found it substantial').waitFor();
      write(begin, `const < ${begin}`);
      await page.locator('vite-error-overlay').waitFor();
      write('substantial', 'mended');
      await found.getByText('We found it mended').waitFor();
      expect(await page.evaluate('window.isStill')).toBe(true);
      // It was told of what was broken.
      reviewer.complaints.length = 0;
    }),
    SCENE_MS,
  );
});

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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
