// What somebody has begun to write in a dialog, kept while the page lives: Escape and a click beside it close it by mistake as well.
import { useCallback, useState } from 'react';

const kept = new Map<string, string>();

/**
 * @param of the dialog, and what it is about
 * @returns the text, what changes it, and what forgets it once it was said
 */
export function useKeptText(of: string) {
  const [typed, setTyped] = useState<{ readonly of: string; readonly text: string }>();
  const text = typed?.of === of ? typed.text : (kept.get(of) ?? '');
  const setText = useCallback(
    (next: string) => {
      if (next === '') kept.delete(of);
      else kept.set(of, next);
      setTyped({ of, text: next });
    },
    [of],
  );
  return [text, setText, useCallback(() => setText(''), [setText])] as const;
}
