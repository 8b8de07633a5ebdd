import { useEffect, useRef, useSyncExternalStore } from 'react';
import { ActionRegistry } from './action-registry.js';
import type { Action, Scope } from './action.js';
import { nameOf, signsOf } from './key.js';
import { singleKeys } from './single-keys.js';

/** Of this page. */
export const registry = new ActionRegistry(singleKeys.areOn);

/** Offers these while the component is on the page: by their keys, in the palette and on the sheet. They may be made anew at each render. */
export function useActions(scope: Scope, title: string, actions: readonly Action[]): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => registry.add(() => ({ scope, title, actions: latest.current })), [scope, title]);
}

/** @returns the key that does it, as it is written; undefined when there is none now */
export function useKeyOf(id: string): string | undefined {
  return useSyncExternalStore(subscribe, () => {
    const key = registry.keyOf(id);
    return key === undefined ? undefined : nameOf(key);
  });
}

/** @returns the words, and behind them the key that does it */
export function useHint(words: string, id: string): string {
  const key = useKeyOf(id);
  return key === undefined ? words : `${words}. Key: ${signsOf(key).join(' ')}`;
}

function subscribe(listener: () => void): () => void {
  const ends = [registry.subscribe(listener), singleKeys.subscribe(listener)];
  return () => {
    for (const end of ends) end();
  };
}
