// Whether keys that are single characters do anything. Who dictates says them by chance, and switches them off (WCAG 2.1.4). Kept in the
// browser, because it goes with the microphone and not with the account.
const PLACE = 'stepwell.single-keys';
const listeners = new Set<() => void>();

export const singleKeys = {
  areOn: (): boolean => localStorage.getItem(PLACE) !== 'off',
  switchTo: (on: boolean): void => {
    if (on) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, 'off');
    for (const listener of listeners) listener();
  },
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
