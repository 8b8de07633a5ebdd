// In which threads somebody is writing, at this page.
import { useCallback, useEffect, useState } from 'react';

/** Says that a box of a thread is open. @returns what says that it no longer is */
export type KeepInPlace = (threadId: string) => () => void;

export function useBusyThreads(): { readonly busy: ReadonlySet<string>; readonly keepInPlace: KeepInPlace } {
  const [boxes, setBoxes] = useState<readonly string[]>([]);
  const keepInPlace = useCallback<KeepInPlace>((threadId) => {
    setBoxes((all) => [...all, threadId]);
    return () => setBoxes((all) => all.toSpliced(all.indexOf(threadId), 1));
  }, []);
  return { busy: new Set(boxes), keepInPlace };
}

export function useKeptInPlace(keepInPlace: KeepInPlace, threadId: string, isWriting: boolean): void {
  useEffect(() => (isWriting ? keepInPlace(threadId) : undefined), [keepInPlace, threadId, isWriting]);
}
