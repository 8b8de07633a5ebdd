/** A person without a mouse: where the focus is, what it is called, and whether it was ever lost. */
import type { Visitor } from './visitor.js';

/** From the first focus on, each frame in which nothing had it, with what had it before. It lasts until the page is loaded anew. */
const WATCH = `addEventListener('focusin', () => {
  if (window.lost) return;
  window.lost = [];
  let last;
  const look = () => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) window.lost.push(last?.outerHTML.slice(0, 200));
    else last = activeElement;
    requestAnimationFrame(look);
  };
  look();
})`;

export async function watchFocus({ page }: Visitor): Promise<void> {
  await page.addInitScript(WATCH);
}

export function lostFocus({ page }: Visitor): Promise<unknown> {
  return page.evaluate('[...new Set(window.lost)]');
}

/** As a screen reader tells it: `radio "Confirm"`. @throws Error when it has no name */
export async function focused({ page }: Visitor): Promise<string> {
  const snapshot = await page.locator(':focus').ariaSnapshot();
  const [, words] = /^- '?(\w+ "[^\n]+?")/.exec(snapshot) ?? [];
  if (words === undefined) throw new Error(`What has the focus has no name: ${snapshot}`);
  return words;
}

/** By Tab, as often as it takes. */
export async function tabTo(visitor: Visitor, words: string): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 60) {
    await visitor.press('Tab');
    const here = await focused(visitor);
    if (here === words) return;
    passed.push(here);
  }
  throw new Error(`Tab does not reach ${words}, but ${passed.join(', ')}.`);
}

/** Finds it in the palette, and does it. */
export async function byPalette(visitor: Visitor, typed: string, name: string): Promise<void> {
  await visitor.press('Control+k');
  const palette = visitor.page.getByRole('dialog', { name: 'Find or do' });
  await palette.getByRole('combobox').and(visitor.page.locator(':focus')).waitFor();
  await visitor.page.keyboard.type(typed);
  // The one that a screen reader is told of is the one that Enter takes.
  const chosen = palette.getByRole('option', { name, selected: true });
  await chosen.waitFor();
  expect(await palette.getByRole('combobox').getAttribute('aria-activedescendant')).toBe(await chosen.getAttribute('id'));
  await visitor.press('Enter');
  await palette.waitFor({ state: 'detached' });
}
