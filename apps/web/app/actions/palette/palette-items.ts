// What the palette offers for what was typed: what can be done here, pages, then things that are found.
import type { ActionGroup } from '../action.js';
import type { Key } from '../key.js';

export interface PaletteItem {
  readonly id: string;
  readonly name: string;
  /** Beside the name. */
  readonly about?: string;
  readonly key?: Key | undefined;
  readonly choose: (from: Element | null) => void;
}

export interface PaletteGroup {
  readonly title: string;
  readonly items: readonly PaletteItem[];
}

/** Everything that could be done now by its name. */
export function actionItems(groups: readonly ActionGroup[]): readonly PaletteGroup[] {
  return groups.map(({ title, actions }) => ({
    title,
    items: actions
      .filter(({ isMove = false, isEnabled }) => !isMove && (isEnabled?.() ?? true))
      .map(({ id, name, about = '', keys = [], run }) => ({ id, name, about, key: keys[0], choose: run })),
  }));
}

/** Those that have every word that was typed, in their name, beside it, or in the title of their group. Empty groups are left out. */
export function fitting(groups: readonly PaletteGroup[], typed: string): readonly PaletteGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map(({ title, items }) => ({
      title,
      items: items.filter(({ name, about = '' }) => {
        const text = `${title} ${name} ${about}`.toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ items }) => items.length > 0);
}
