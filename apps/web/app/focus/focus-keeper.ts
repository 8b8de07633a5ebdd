// Sees to it that the keyboard always has a place. The browser drops the focus whenever what has it is removed, disabled or hidden: a dialog
// closes, a row is decided, a page gives way to the next, a button is replaced by another. Then it goes to what stands in the same place
// now, else to the one beside it, else to the heading of the page. From a window over the page (a dialog, a menu, a note) it goes back to
// where one was before. It takes the focus from nothing that has it, but at the beginning of another page.
import { focusableIn, headingOf, isUsable } from './focusable.js';

/** An element and its ancestors below the body, each with its neighbours at the time. */
interface Step {
  readonly node: Element;
  readonly before: Element | null;
  readonly after: Element | null;
}
interface Place {
  readonly element: HTMLElement;
  readonly trail: readonly Step[];
}

/** What lies over the page. */
const OVER = '[data-portal], [data-over]';

class FocusKeeper {
  private last: Place | undefined;
  /** The last one that was not in a window over the page. */
  private below: Place | undefined;
  /** A page has the focus itself until its heading is there. */
  private isBeginning = false;
  private frame = 0;

  /** @returns stops it */
  watch(): () => void {
    const onFocus = () => this.remember();
    const seen = new MutationObserver(() => this.look());
    document.addEventListener('focusin', onFocus);
    seen.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled', 'hidden', 'inert', 'class', 'style'] });
    return () => {
      document.removeEventListener('focusin', onFocus);
      seen.disconnect();
      cancelAnimationFrame(this.frame);
      this.frame = 0;
    };
  }

  /** To the heading of the page, as soon as there is one; who has gone on meanwhile is left alone. */
  readonly begin = (): void => {
    const place = headingOf();
    place?.focus({ preventScroll: true });
    this.isBeginning = place?.matches('main') ?? true;
  };

  private remember(): void {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return;
    this.isBeginning &&= element.matches('main');
    this.last = { element, trail: trailOf(element) };
    if (!element.closest(OVER)) this.below = this.last;
  }

  /** The page has changed. What was removed has lost the focus already; what was disabled or hidden loses it at the next frame. */
  private look(): void {
    this.check(({ isConnected }) => isConnected);
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.check(isUsable);
    });
  }

  private check(isThere: (element: HTMLElement) => boolean): void {
    const { last } = this;
    const active = document.activeElement;
    const hasNothing = active === null || active === document.body;
    if (!last || !(hasNothing || active === last.element)) return;
    if (!isThere(last.element)) this.restore(last);
    else if (hasNothing) return;
    else if (this.isBeginning) this.begin();
    // Its neighbours may be others by now.
    else this.remember();
  }

  private restore(place: Place): void {
    const { below } = this;
    const isOver = place.trail.some(({ node }) => node.matches(OVER));
    // A window of which only a part has gone keeps the focus.
    if (isOver && below && !place.trail.some(({ node }) => node.matches('[role="dialog"]') && isUsable(node))) {
      if (isUsable(below.element)) below.element.focus({ preventScroll: true });
      else this.restore(below);
      return;
    }
    const next = successor(place);
    if (next) next.focus({ preventScroll: true });
    else this.begin();
  }
}

function trailOf(element: Element): readonly Step[] {
  const trail: Step[] = [];
  for (let node: Element | null = element; node && node !== document.body; node = node.parentElement) {
    trail.push({ node, before: node.previousElementSibling, after: node.nextElementSibling });
  }
  return trail;
}

/** What takes the place of an element that is gone, within its page. */
function successor({ trail }: Place): HTMLElement | undefined {
  const page = trail.findIndex(({ node }) => node.matches('main, header'));
  for (const [at, { node: around }] of trail.slice(0, page < 0 ? undefined : page).entries()) {
    const gone = trail[at - 1];
    if (!isUsable(around)) continue;
    const found = (gone ? neighbours(gone, around) : []).map(focusableIn).find((one) => one !== undefined) ?? focusableIn(around);
    if (found) return found;
  }
  return undefined;
}

/** What stands now where it stood, then what stood behind and before it. */
function neighbours({ before, after }: Step, around: Element): readonly Element[] {
  const isStill = (node: Element | null): node is Element => node?.parentElement === around;
  const here = isStill(before) ? before.nextElementSibling : isStill(after) ? after.previousElementSibling : around.firstElementChild;
  return [here, after, before].filter(isStill);
}

export const focusKeeper = new FocusKeeper();
