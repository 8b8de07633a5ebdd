/** What keeps people out of a page: what axe-core finds that is bad enough, what does not fit, what moves. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What depends on the colours alone. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * Colours that are on their way to others are no finding. What goes on for ever is not waited for. A transition begins some frames after
 * what has caused it, such as another colour scheme: only when none has been there for a while there will be none.
 */
const AT_REST = `new Promise((resolve) => {
  let still = 0;
  const look = async () => {
    const passing = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().activeDuration < Infinity);
    await Promise.allSettled(passing.map(({ finished }) => finished));
    still = passing.length === 0 ? still + 1 : 0;
    if (still === 10) resolve();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})`;

/**
 * @param what `colours` where the same page was looked at in others
 * @returns the serious and critical findings, each with where it is; nothing when the page is fit for everybody
 */
export async function seriousFindings(page: Page, what: 'all' | 'colours' = 'all'): Promise<string[]> {
  // It stays in the page until that is loaded anew. By its text: what a policy of the page refuses, this is not.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  await page.evaluate(AT_REST);
  const options: axe.RunOptions = { resultTypes: ['violations'], preload: false, ...(what === 'all' ? {} : { runOnly: COLOURS }) };
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target.join(' ')} ${failureSummary ?? ''}`),
    );
}

/** Resolves with how much wider the page is than its window: a chart is drawn anew a moment after the window has become smaller. */
const EXCESS = `new Promise((resolve) => {
  const { documentElement: page } = document;
  const end = performance.now() + 10_000;
  const look = () => {
    const excess = page.scrollWidth - page.clientWidth;
    if (excess === 0 || performance.now() > end) resolve(excess);
    else requestAnimationFrame(look);
  };
  look();
})`;

/** @returns what the page is too narrow for: nobody should have to scroll both ways to read a line. A table may scroll in its own box. */
export async function tooWide(page: Page): Promise<string[]> {
  const excess = await page.evaluate<number>(EXCESS);
  return excess === 0 ? [] : [`The page is ${excess} pixels wider than its window.`];
}

/** In each frame, what moves, turns or grows for longer than one notices: to fade is no motion. */
const WATCH_MOTION = `
  window.moved = new Set();
  const look = () => {
    for (const { effect } of document.getAnimations()) {
      const parts = Object.keys(effect.getKeyframes()[0]).filter((part) => !['offset', 'computedOffset', 'easing', 'composite', 'opacity'].includes(part));
      if (effect.getComputedTiming().activeDuration > 1 && parts.length > 0) moved.add(parts.join() + ' of ' + effect.target.outerHTML.slice(0, 120));
    }
    requestAnimationFrame(look);
  };
  look();
`;

/** From here on the system asks for stillness, and {@link moved} knows who does not heed it. */
export async function askForStillness(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript(WATCH_MOTION);
}

/** @returns what has moved since the page was loaded */
export function moved(page: Page): Promise<string[]> {
  return page.evaluate('[...window.moved]');
}
