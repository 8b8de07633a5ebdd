const FOCUSABLE = [
  'a[href]',
  'button:not(:disabled)',
  'input:not(:disabled, [type="hidden"])',
  'select:not(:disabled)',
  'textarea:not(:disabled)',
  'summary',
  '[tabindex]',
].join();

/** Whether somebody could see it and go there. */
export function isUsable(element: Element): boolean {
  return element.isConnected && !element.matches(':disabled') && !element.closest('[inert]') && element.checkVisibility();
}

/** The first that Tab reaches, in it or it itself. */
export function focusableIn(element: Element): HTMLElement | undefined {
  const all = element.matches(FOCUSABLE) ? [element] : [...element.querySelectorAll(FOCUSABLE)];
  return all.find((one): one is HTMLElement => one instanceof HTMLElement && one.tabIndex >= 0 && isUsable(one));
}

/** The heading of the page, made ready to take the focus; before there is one, the page itself. */
export function headingOf(): HTMLElement | undefined {
  const main = [...document.querySelectorAll('main')].find(isUsable);
  const heading = [...(main?.querySelectorAll('h1') ?? [])].find(isUsable);
  if (heading) heading.tabIndex = -1;
  return heading ?? main;
}
