// Something that one can do on the page that is open. What it is called, its keys and when it may be done stand here and nowhere else:
// the sheet of keys, the palette, the hints on buttons and the keyboard all read it from the registry.
import type { Key } from './key.js';

/** From the widest to the innermost: where two actions have the same key, the inner one has it. */
export const SCOPES = ['everywhere', 'page', 'item', 'form'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Action {
  /** `task.skip`: by it a hint finds its key. */
  readonly id: string;
  /** What it does, as one would say it: `Skip the task, with a reason`. */
  readonly name: string;
  /** Of what, where the name alone does not say it: `Schedule of orders`. */
  readonly about?: string;
  /** The first is the one that hints show. */
  readonly keys?: readonly Key[];
  /** While it says no, the palette leaves the action out and its keys do nothing. */
  readonly isEnabled?: () => boolean;
  /** Only from where one stands, such as a move in a list: not in the palette. */
  readonly isMove?: boolean;
  /** @param from where the focus was when it was asked for */
  readonly run: (from: Element | null) => void;
}

/** What a part of the page can do, under one title. */
export interface ActionGroup {
  readonly scope: Scope;
  readonly title: string;
  readonly actions: readonly Action[];
}
