// What can be done on the page now, of all its parts that are open. There is one list: the keyboard looks a key up in it, the sheet and the
// palette show it. So a key that the sheet shows is a key that works, and one that an inner part has taken is shown there only.
import { SCOPES, type Action, type ActionGroup } from './action.js';
import { isCharacter, nameOf, pressed, type Key, type KeyPress } from './key.js';

export class ActionRegistry {
  private readonly sources = new Set<() => ActionGroup>();
  private readonly listeners = new Set<() => void>();

  /** @param hasCharacters false while keys that are single characters are switched off */
  constructor(private readonly hasCharacters: () => boolean = () => true) {}

  /** @param source asked each time, so that it may change as the page does. @returns takes it out */
  add(source: () => ActionGroup): () => void {
    this.sources.add(source);
    this.changed();
    return () => {
      this.sources.delete(source);
      this.changed();
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Innermost first, each action with the keys that reach it. */
  groups(): readonly ActionGroup[] {
    const byTitle = new Map<string, ActionGroup>();
    for (const source of this.sources) {
      const { scope, title, actions } = source();
      const name = `${scope} ${title}`;
      byTitle.set(name, { scope, title, actions: [...(byTitle.get(name)?.actions ?? []), ...actions] });
    }
    const groups = [...byTitle.values()].filter(({ actions }) => actions.length > 0);
    groups.sort((one, other) => SCOPES.indexOf(other.scope) - SCOPES.indexOf(one.scope));
    const taken = new Set<string>();
    return groups.map((group) => ({ ...group, actions: group.actions.map((action) => this.withFreeKeys(action, taken)) }));
  }

  /** What a key stands for, whether or not it may be done now. @param isWithin whether the focus is where a selector says */
  find(press: KeyPress, isWithin: (selector: string) => boolean): Action | undefined {
    const name = pressed(press);
    const hits = (key: Key) => nameOf(key) === name && (typeof key === 'string' || isWithin(key.within));
    return this.actions().find(({ keys = [] }) => keys.some(hits));
  }

  /** Does it as its key would. */
  run(id: string): void {
    const action = this.actions().find((one) => one.id === id);
    if (action && (action.isEnabled?.() ?? true)) action.run(document.activeElement);
  }

  /** @returns the key that reaches the action, if there is one now */
  keyOf(id: string): Key | undefined {
    return this.actions().find((action) => action.id === id)?.keys?.[0];
  }

  private actions(): readonly Action[] {
    return this.groups().flatMap(({ actions }) => actions);
  }

  private withFreeKeys(action: Action, taken: Set<string>): Action {
    const keys = (action.keys ?? []).filter((key) => {
      const place = typeof key === 'string' ? key : `${key.key} ${key.within}`;
      if (taken.has(place) || (isCharacter(key) && !this.hasCharacters())) return false;
      taken.add(place);
      return true;
    });
    return { ...action, keys };
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
