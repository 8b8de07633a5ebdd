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

/** Resolves when this heading has the focus; until its page is there, that of the page before may have it. */
export async function atHeading({ page }: Visitor, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name, exact: true }).and(page.locator(':focus')).waitFor();
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

/** Buttons that the palette need not offer, and why. */
const NOT_IN_THE_PALETTE: readonly (readonly [selector: string, reason: string])[] = [
  ['header [aria-haspopup]', 'opens a menu, of which each choice is in the palette'],
  ['[aria-label="Find or do"]', 'opens the palette'],
  ['[data-item]', 'is a row of a list, along which keys move'],
  ['[aria-expanded][aria-controls]:not([aria-haspopup])', 'opens what stands right below it'],
  ['[tabindex="-1"]', 'is a part of a field, which has keys for the same'],
];

/**
 * Opens the palette, and closes it.
 * @returns each button of the page that could be pressed and is not in it, and each name that it has twice
 */
export async function missingInPalette({ page }: Visitor): Promise<string[]> {
  const reasons = NOT_IN_THE_PALETTE.map(([selector]) => selector).join();
  const buttons = await page
    .getByRole('button', { disabled: false })
    .filter({ visible: true })
    .evaluateAll(
      (all: readonly Button[], left) =>
        all
          .filter((button) => !button.matches(left))
          .map((button) => ({ action: button.dataset['action'], name: button.ariaLabel ?? button.innerText.trim() })),
      reasons,
    );
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find or do' });
  await palette.getByRole('option').first().waitFor();
  const read = (all: readonly Button[]) => all.map((option) => ({ action: option.dataset['itemId'], name: option.innerText }));
  const options = await palette.getByRole('option').evaluateAll(read);
  const here = await palette.getByRole('group', { name: 'On this page' }).getByRole('option').evaluateAll(read);
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });
  const isThere = (button: (typeof buttons)[number]) =>
    options.some(({ action, name }) => (button.action === undefined ? name.split('\n')[0] === button.name : action === button.action));
  const names = here.map(({ name }) => name.replaceAll('\n', ', '));
  return [
    ...buttons.filter((button) => !isThere(button)).map(({ name }) => `No palette has the button "${name}".`),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `The palette has "${name}" twice.`),
  ];
}

/** As much of an element as is read here: the tests know no DOM. */
interface Button {
  readonly ariaLabel: string | null;
  readonly innerText: string;
  readonly dataset: Readonly<Record<string, string | undefined>>;
  matches(selectors: string): boolean;
}
