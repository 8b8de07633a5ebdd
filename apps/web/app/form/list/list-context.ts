import { createContext } from 'react';

/** Where the focus goes once the list has so many items. */
export interface Wish {
  readonly length: number;
  readonly index: number;
  /** One of the item's buttons; without it the item's first field. */
  readonly button?: 'up' | 'down' | 'remove';
}

export const ListContext = createContext<{ readonly wantFocus: (wish: Wish) => void }>({ wantFocus: () => undefined });
