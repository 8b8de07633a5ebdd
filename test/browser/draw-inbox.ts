/**
 * Makes the pictures of the README: a reviewer's way through the inbox, in four steps, light and dark (docs/images/inbox-steps.webp and
 * inbox-steps-dark.webp). `npm run picture`, after `npm run build`: a server as people start it, the strike example, and Chromium.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { startServer } from '../server/start-server.js';
import { findTestProgram } from '../setup/programs.mjs';
import { Visitor } from './visitor.js';

const IMAGES = join(import.meta.dirname, '../../docs/images');
const WINDOW = { width: 1400, height: 880 };
/** Of one step in the picture: small letters are read, and four of them stay below 400 kB. */
const STEP_WIDTH = 880;
const GAP = 24;

interface Step {
  readonly words: string;
  readonly png: Buffer;
}

async function stepsOf(reviewer: Visitor): Promise<readonly Step[]> {
  const { page } = reviewer;
  const steps: Step[] = [];
  const keep = async (words: string) => void steps.push({ words, png: await page.screenshot({ animations: 'disabled', caret: 'hide' }) });
  await page.setViewportSize(WINDOW);
  await reviewer.signInAs('reviewer');
  await page.locator('[data-task]').nth(7).waitFor();

  await reviewer.press('n');
  await page.locator('input[type="radio"]:focus').waitFor();
  await keep('1  n claims the next task; its form begins with a recommendation');

  await reviewer.press('ArrowDown');
  await page.getByRole('radio', { name: /^None/ }).press('Space');
  await page.getByRole('textbox', { name: 'Note' }).press('End');
  await page.keyboard.type('The inspection found no damage.');
  await reviewer.region('Your answer').getByText('Draft saved').waitFor();
  await keep('2  Correct what is wrong; the draft is saved as you type');

  const before = page.url();
  await reviewer.press('Control+Enter');
  await page.waitForURL((url) => url.href !== before);
  await page.locator('input[type="radio"]:focus').waitFor();
  await page.getByText(/^Decided: /).waitFor();
  await keep('3  Ctrl + Enter decides, and brings the next one');

  await reviewer.press('Control+k');
  await page.getByRole('combobox', { name: 'Find or do' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type('task');
  await page.getByRole('option', { name: /^Skip the task/ }).waitFor();
  await keep('4  Ctrl + K finds everything else');
  return steps;
}

/** Two beside two, each under its words. */
async function compose(browser: Browser, steps: readonly Step[], colorScheme: 'light' | 'dark'): Promise<Buffer> {
  const [ink, paper, line] = colorScheme === 'light' ? ['#1c2529', '#f6f8f8', '#d3dadd'] : ['#d8e0e3', '#0b1013', '#34424a'];
  const page = await browser.newPage({ viewport: { width: 2 * STEP_WIDTH + 3 * GAP, height: 800 } });
  const figures = steps.map(
    ({ words, png }) => `<figure><figcaption>${words}</figcaption><img src="data:image/png;base64,${png.toString('base64')}"></figure>`,
  );
  await page.setContent(`<style>
    body { margin: 0; padding: ${GAP}px; display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: ${GAP}px; background: ${paper}; color: ${ink}; font: 600 21px system-ui, sans-serif }
    figure { margin: 0 } figcaption { margin-bottom: 10px; white-space: pre } img { display: block; width: 100%; border: 1px solid ${line}; border-radius: 10px; box-sizing: border-box }
  </style>${figures.join('')}`);
  const png = await page.screenshot({ fullPage: true });
  // The browser writes WebP itself, so that no library for pictures is needed.
  const dataUrl = await page.evaluate<string>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png.toString('base64')}';
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.85);
  })()`);
  await page.close();
  return Buffer.from(dataUrl.split(',')[1] ?? '', 'base64');
}

const executablePath = findTestProgram('chromium');
if (!executablePath) throw new Error('There is no chromium on the PATH; install it, or name it in STEPWELL_TEST_CHROMIUM.');
const server = await startServer();
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : [] });
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    const reviewer = await Visitor.arrive(browser, server.url, { colorScheme });
    const picture = await compose(browser, await stepsOf(reviewer), colorScheme);
    const name = colorScheme === 'light' ? 'inbox-steps.webp' : 'inbox-steps-dark.webp';
    writeFileSync(join(IMAGES, name), picture);
    console.log(`docs/images/${name}: ${Math.ceil(picture.length / 1_000)} kB`);
    await reviewer.leave();
  }
} finally {
  await browser.close();
  await server.stop();
}
