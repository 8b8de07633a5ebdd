// Keys as they are written: `j`, `?`, `Enter`, `ArrowDown`, `mod+k`. `mod` is Command on a Mac and Control elsewhere; both are heard.

/** With `within` it is one only while the focus is inside what the selector finds. */
export type Key = string | { readonly key: string; readonly within: string };

export interface KeyPress {
  readonly key: string;
  readonly metaKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  alt: 'Alt',
  shift: 'Shift',
};

export function nameOf(key: Key): string {
  return typeof key === 'string' ? key : key.key;
}

/** A single letter, digit or sign, which somebody who dictates may say by chance (WCAG 2.1.4). */
export function isCharacter(key: Key): boolean {
  return nameOf(key).length === 1;
}

/** What one sees on the keyboard. */
export function signsOf(key: Key): readonly string[] {
  const name = nameOf(key);
  const parts = name === '+' ? [name] : name.split('+');
  return parts.map((part) =>
    part === 'mod' ? modSign() : (SIGNS[part] ?? (parts.length > 1 && part.length === 1 ? part.toUpperCase() : part)),
  );
}

/** As the registry compares keys: `mod+Enter`, whatever the order and the case in which it was pressed. */
export function pressed(press: KeyPress): string {
  const { key } = press;
  const isLetter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  return [
    ...(press.ctrlKey || press.metaKey ? ['mod'] : []),
    ...(press.altKey ? ['alt'] : []),
    // A sign such as ? needs it; with a letter it means another key, so that caps lock is none.
    ...(press.shiftKey && (isLetter || key.length > 1) ? ['shift'] : []),
    isLetter ? key.toLowerCase() : key,
  ].join('+');
}

function modSign(): string {
  return /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '') ? '⌘' : 'Ctrl';
}
