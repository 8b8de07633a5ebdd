import { useEffect, useState } from 'react';
import { type DocumentContent, loadDocument } from './load-document.js';

/** What was loaded while a task is open. Only what may be shown: a failure is asked for again. */
export type KeptDocuments = Map<string, DocumentContent>;

/** @returns undefined while it loads */
export function useDocument(
  id: string,
  kept: KeptDocuments,
): { readonly document: DocumentContent | undefined; readonly retry: () => void } {
  const [document, setDocument] = useState(() => kept.get(id));
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (kept.has(id)) return;
    const controller = new AbortController();
    setDocument(undefined);
    loadDocument(id, controller.signal).then(
      (loaded) => {
        if (loaded.kind !== 'none') kept.set(id, loaded);
        if (!controller.signal.aborted) setDocument(loaded);
      },
      () => undefined,
    );
    return () => controller.abort();
  }, [id, kept, attempt]);
  return { document, retry: () => setAttempt((before) => before + 1) };
}
