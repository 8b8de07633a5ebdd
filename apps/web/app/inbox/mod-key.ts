/** The key that goes with Enter: Command on a Mac, Control elsewhere. */
export function modKeyName(): string {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
}

export function isModEnter(event: { readonly key: string; readonly metaKey: boolean; readonly ctrlKey: boolean }): boolean {
  return event.key === 'Enter' && (event.metaKey || event.ctrlKey);
}
