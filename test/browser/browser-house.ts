/**
 * What the browser tests share: one server as people start it, one Chromium, and the people who come. When a test fails, every page is
 * pictured as it stood; when it passes, no page may have complained.
 */
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachEmbeddedPostgres } from '@stepwell/postgres';
import { type Browser, chromium } from 'playwright-core';
import { type ServerOptions, type TestServer, startServer } from '../server/start-server.js';
import { findTestProgram } from '../setup/programs.mjs';
import { Visitor, type VisitorOptions } from './visitor.js';

const QUIET = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const PICTURES = join(tmpdir(), 'stepwell-browser-failures');

/** Without Chromium the browser tests are skipped; `npm test` installs it or says so, and with CI=true refuses to go on. */
export const describeWithBrowser = findTestProgram('chromium') ? describe : describe.skip;

export class BrowserHouse {
  private server: TestServer | undefined;
  private browser: Browser | undefined;
  private visitors: Visitor[] = [];

  /** @param options of the server; by default some of the example's reports flow in */
  async open(options?: ServerOptions): Promise<void> {
    this.server = await startServer(options);
    this.browser = await launch();
  }

  /** Also when it opened only in part. */
  async close(): Promise<void> {
    await this.browser?.close();
    if (this.server) expect(await this.server.stop()).toBe(0);
  }

  get adminPassword(): string {
    return this.opened.server.adminPassword;
  }

  /** Of the server's own database. */
  get databaseUrl(): string {
    const running = attachEmbeddedPostgres(this.opened.server.dataDirectory);
    if (!running) throw new Error('The server has no database of its own.');
    return running.url;
  }

  async visit(options?: VisitorOptions): Promise<Visitor> {
    const { server, browser } = this.opened;
    const visitor = await Visitor.arrive(browser, server.url, options);
    this.visitors.push(visitor);
    return visitor;
  }

  /** The body of a test. Everybody who came has gone afterwards. */
  scene(name: string, play: () => Promise<void>): () => Promise<void> {
    return async () => {
      try {
        await play();
        expect(this.visitors.flatMap(({ complaints }) => complaints)).toEqual([]);
      } catch (error) {
        console.error(await this.picture(name));
        throw error;
      } finally {
        await Promise.all(this.visitors.map((visitor) => visitor.leave()));
        this.visitors = [];
      }
    };
  }

  private get opened(): { server: TestServer; browser: Browser } {
    const { server, browser } = this;
    if (!server || !browser) throw new Error('The house was not opened.');
    return { server, browser };
  }

  private async picture(name: string): Promise<string> {
    mkdirSync(PICTURES, { recursive: true });
    const lines = this.visitors.map(async ({ page, complaints }, index) => {
      const path = join(PICTURES, `${name}-${index + 1}.png`);
      await page.screenshot({ path });
      return [`Visitor ${index + 1} stood at ${page.url()}: ${path}`, ...complaints].join('\n  ');
    });
    return (await Promise.all(lines)).join('\n');
  }
}

async function launch(): Promise<Browser> {
  const executablePath = findTestProgram('chromium');
  if (!executablePath) throw new Error('There is no chromium on the PATH; install it, or name it in STEPWELL_TEST_CHROMIUM.');
  // Chromium refuses to build its sandbox for root, as in most containers.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, headless: true, args: isRoot ? [...QUIET, '--no-sandbox'] : QUIET });
}
