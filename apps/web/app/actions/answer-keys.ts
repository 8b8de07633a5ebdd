// The keyboard of the page: one listener, which looks each key up in the registry. What lies over the page (a dialog, a menu, an open list of
// choices) has the keys first; and single keys are text where one types.
import type { ActionRegistry } from './action-registry.js';
import { isTyping } from './is-typing.js';

const OVER_THE_PAGE = '[role="dialog"], [role="menu"], [role="listbox"], [aria-haspopup][aria-expanded="true"]';

/** @returns stops it */
export function answerKeys(registry: ActionRegistry, view: Window): () => void {
  const answer = (event: KeyboardEvent) => {
    const from = event.target instanceof Element ? event.target : null;
    const action = registry.find(event, (selector) => from?.closest(selector) != null);
    if (!action) return;
    event.preventDefault();
    if (action.isEnabled?.() ?? true) action.run(from);
  };
  let isFree = false;
  // While it comes down: afterwards an open list has already been closed by the same key. Chords, Escape and keys such as F2 reach the page from within fields, too.
  const onDown = (event: KeyboardEvent) => {
    isFree = !event.isComposing && !isCovered(event.target);
    if (isFree && (event.ctrlKey || event.metaKey || event.altKey || /^(Escape|F\d+)$/.test(event.key))) answer(event);
  };
  // And on its way up: a part of the page that has a use for the key has taken it by then.
  const onUp = (event: KeyboardEvent) => {
    if (isFree && !event.defaultPrevented && !isTyping(event.target)) answer(event);
  };
  view.addEventListener('keydown', onDown, true);
  view.addEventListener('keydown', onUp);
  return () => {
    view.removeEventListener('keydown', onDown, true);
    view.removeEventListener('keydown', onUp);
  };
}

function isCovered(target: EventTarget | null): boolean {
  if (!(target instanceof Element) || target.closest(OVER_THE_PAGE)) return true;
  // The sign-in page lies over an application whose session has ended.
  if (document.getElementById('main')?.closest('[inert]')) return true;
  return target === document.body && document.querySelector('[aria-modal="true"]') !== null;
}
