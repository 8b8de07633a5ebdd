/**
 * Makes the pictures of the README: a reviewer's way through the inbox, step below step, light and dark (docs/images/inbox-steps.webp and
 * inbox-steps-dark.webp). `npm run picture`, after `npm run build`: a server as people start it, the strike example, and Chromium.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { startServer } from '../server/start-server.js';
import { findTestProgram } from '../setup/programs.mjs';
import { Visitor } from './visitor.js';

const IMAGES = join(import.meta.dirname, '../../docs/images');
/** A README shows some 840 pixels: in the picture a letter is as large as on the page. */
const FULL = 844;
const GAP = 20;
const HALF = (FULL - GAP) / 2;
/** The task takes what the list, of 352 pixels, leaves. */
const WINDOW = { width: 352 + FULL, height: 720 };
const PHONE = { width: HALF, height: 470 };
/** Parts of the window: its right side has the form, below the words about the task. */
const LIST = { x: 0, y: 0, width: HALF, height: 470 };
const FORM = { x: WINDOW.width - HALF, y: WINDOW.height - 470, width: HALF, height: 470 };
const TASK = { x: WINDOW.width - FULL, y: 48, width: FULL, height: WINDOW.height - 48 };

const SAVE_VIEW = `mutation ($name: String!, $filter: TaskFilter!) {
  saveInboxView(name: $name, filter: $filter, order: opened) { errors { message } }
}`;

interface Step {
  readonly words: string;
  readonly png: Buffer;
}

async function stepsOf(reviewer: Visitor): Promise<readonly Step[]> {
  const { page } = reviewer;
  const steps: Step[] = [];
  const keep = async (words: string, clip: typeof LIST) =>
    void steps.push({ words, png: await page.screenshot({ clip, animations: 'disabled', caret: 'hide' }) });
  await page.setViewportSize(WINDOW);
  await reviewer.signInAs('reviewer');
  await page.locator('[data-task]').nth(7).waitFor();
  await reviewer.ask(SAVE_VIEW, { name: 'Substantial, oldest first', filter: { columns: [{ name: 'Severity', value: 'substantial?' }] } });
  await page.reload();
  await page.locator('[data-task]').nth(5).waitFor();
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('link', { name: /^Substantial/ }).hover();
  await keep('1  Views, and your own with a count', LIST);

  await page.getByRole('link', { name: /^Substantial/ }).click();
  await page.waitForURL('**/inbox?view=*');
  await reviewer.press('Escape', 'n');
  await page.locator('input[type="radio"]:focus').waitFor();
  await keep('2  n claims the next one, with advice', FORM);

  await reviewer.press('ArrowDown');
  await page.getByRole('radio', { name: /^None/ }).press('Space');
  await page.getByRole('textbox', { name: 'Note' }).press('End');
  await page.keyboard.type('The inspection found no damage.');
  await page.getByRole('radio', { name: /^None/ }).focus();
  await reviewer.press('Shift+F2');
  await page.locator('textarea:focus').waitFor();
  await page.keyboard.type('The bill says 30,000. Of another strike?');
  await reviewer.press('Control+Enter');
  await page.getByRole('button', { name: '1 open comment on Severity' }).waitFor();
  await reviewer.region('Your answer').getByText('Draft saved').waitFor();
  await reviewer.region('Comments').getByRole('listitem').first().scrollIntoViewIfNeeded();
  await keep('3  Correct what is wrong, ask others about a field; it is saved as you type', TASK);

  const before = page.url();
  await page.getByRole('textbox', { name: 'Note' }).focus();
  await reviewer.press('Control+Enter');
  await page.waitForURL((url) => url.href !== before);
  await page.locator('input[type="radio"]:focus').waitFor();
  await page.getByText(/^Decided: /).waitFor();
  await keep('4  Ctrl + Enter brings the next one', LIST);

  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.setViewportSize(PHONE);
  await reviewer.press('Control+k');
  await page.getByRole('combobox', { name: 'Find or do' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type('task');
  await page.getByRole('option', { name: /^Skip the task/ }).waitFor();
  await keep('5  Ctrl + K finds the rest', { x: 0, y: 0, ...PHONE });
  return steps;
}

/** Each under its words. */
async function compose(browser: Browser, steps: readonly Step[], colorScheme: 'light' | 'dark'): Promise<Buffer> {
  const [ink, paper, line] = colorScheme === 'light' ? ['#1c2529', '#f6f8f8', '#d3dadd'] : ['#d8e0e3', '#0b1013', '#34424a'];
  const page = await browser.newPage({ viewport: { width: FULL + 2 * GAP, height: 800 } });
  const figures = steps.map(
    ({ words, png }) => `<figure><figcaption>${words}</figcaption><img src="data:image/png;base64,${png.toString('base64')}"></figure>`,
  );
  await page.setContent(`<style>
    body { margin: 0; padding: ${GAP}px; display: flex; flex-wrap: wrap; gap: ${GAP}px; background: ${paper}; color: ${ink}; font: 600 18px system-ui, sans-serif }
    figure { margin: 0 } figcaption { margin-bottom: 10px; white-space: pre } img { display: block; outline: 1px solid ${line}; border-radius: 10px }
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
