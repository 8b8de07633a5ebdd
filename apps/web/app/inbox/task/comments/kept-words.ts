// What somebody has begun to say: kept in this tab until it is said or given up, wherever he goes meanwhile.
import { useSessionStorage } from '@mantine/hooks';
import { useCallback } from 'react';

export interface KeptWords {
  readonly text: string;
  readonly field: string | null;
}

export const NO_WORDS: KeptWords = { text: '', field: null };

/** @param of the task, the comment that is answered, or the one that is changed */
export function useKeptWords(of: string) {
  const [kept, keep, forget] = useSessionStorage<KeptWords>({
    ...{ key: `stepwell-comment-${of}`, defaultValue: NO_WORDS, getInitialValueInEffect: false },
  });
  const setText = useCallback((text: string) => keep((words) => ({ ...words, text })), [keep]);
  const setField = useCallback((field: string | null) => keep((words) => ({ ...words, field })), [keep]);
  return { kept, setText, setField, forget };
}
