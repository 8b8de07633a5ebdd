// What the buttons of the open page do, and the fields that filter it, read from the page as a screen reader reads it: what a button is called and
// where it stands is said at the button, and nowhere else. So nothing that can be pressed is missing in the palette. What has keys
// is an action of its own (use-actions.ts); its button names it in `data-action`.
import { isUsable } from '../focus/focusable.js';
import type { Action, ActionGroup } from './action.js';

const PRESSED = 'button, a[download], a.mantine-Button-root';
const FILTERS = '[role="search"] input:not([type="hidden"])';

/** What cannot be chosen from afar, or need not be. */
const LEFT_OUT = [
  // It has an action, with keys.
  '[data-action]',
  // Of a list: the keys move along its rows.
  '[data-item]',
  // Opens what stands right below it.
  '[aria-expanded]:not([aria-haspopup])',
  // A part of a field, which does the same by its keys.
  '[tabindex="-1"]',
  // At work.
  '[aria-disabled="true"]',
];

const PRESSABLE = ['button', 'checkbox', 'radio', 'submit'];

/** @param page the part of the document to read */
export function pageButtons(page: ParentNode | null = document.getElementById('main')): ActionGroup {
  const found = [...(page?.querySelectorAll<HTMLElement>(`:is(${PRESSED}, ${FILTERS}):not(${LEFT_OUT.join()})`) ?? [])];
  const actions = found.filter(isUsable).flatMap((element, index): Action[] => {
    const name = nameOf(element);
    if (name === '') return [];
    return [{ id: `page.${index}`, name, about: placeOf(element), run: () => press(element) }];
  });
  return { scope: 'page', title: 'On this page', actions };
}

function press(element: HTMLElement): void {
  if (element instanceof HTMLInputElement && !PRESSABLE.includes(element.type)) element.focus();
  element.click();
}

/** What a screen reader calls it. */
function nameOf(element: Element): string {
  const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
  return labelOf(element) || (labels.length > 0 ? labels : [element]).map(wordsOf).join(' ');
}

/** The innermost part of the page around it that has a name, else the page itself. */
function placeOf(element: Element): string {
  const around = element.parentElement?.closest('[aria-label], [aria-labelledby], main');
  return (around && labelOf(around)) || wordsOf(element.closest('main')?.querySelector('h1'));
}

function labelOf(element: Element): string {
  const ids = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? [];
  const said = ids.map((id) => wordsOf(document.getElementById(id))).join(' ');
  return said.trim() || (element.getAttribute('aria-label') ?? '').trim();
}

/** What is to be read of it: no pictures, and no keys. */
function wordsOf(element: Element | null | undefined): string {
  if (!element) return '';
  const read = element.cloneNode(true) as Element;
  for (const part of read.querySelectorAll('[aria-hidden="true"], kbd, svg, style')) part.remove();
  return (read.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
}
