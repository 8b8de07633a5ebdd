// The keys of the open task: c claims, s skips. Mod+Enter works inside fields too; letters only where they are not text.
import { useEffect, useRef } from 'react';
import { isTyping } from '../is-typing.js';
import { isModEnter } from '../mod-key.js';

interface TaskKeys {
  readonly claim: () => void;
  readonly skip: () => void;
  readonly completeAndNext: () => void;
  readonly back: () => void;
}

export function useTaskKeys(keys: TaskKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // What is open over the page (a dialog, a menu, a list of choices) has the keys first.
      const { target } = event;
      if (target instanceof HTMLElement && target.closest('[role="dialog"], [role="menu"], [aria-expanded="true"]')) return;
      if (isModEnter(event)) {
        event.preventDefault();
        latest.current.completeAndNext();
      } else if (event.key === 'Escape') {
        latest.current.back();
      } else if ((event.key === 'c' || event.key === 's') && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
        event.preventDefault();
        if (event.key === 'c') latest.current.claim();
        else latest.current.skip();
      }
    };
    // In the capture phase: afterwards an open list has already been closed by the same key.
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, []);
}
