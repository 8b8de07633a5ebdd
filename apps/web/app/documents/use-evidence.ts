// The places of the field that has the focus are lit, and a place leads to its field. Form and documents do not know each other: the form's
// elements say which field they are.
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { fieldAround, focusField } from '../form/field-address.js';
import type { Spot } from './evidence.js';
import type { Wanted } from './evidence-context.js';

interface EvidenceState {
  readonly lit: string | undefined;
  readonly wanted: Wanted | undefined;
  /** Lights up a field's places and goes to the next one of them, without moving the focus. */
  readonly showNext: (path: string) => void;
  /** Lights it up, and goes to its field. */
  readonly choose: (spot: Spot) => void;
}

/** @param pane what has the focus in there leaves everything as it is */
export function useEvidence(spots: readonly Spot[], pane: RefObject<HTMLElement | null>): EvidenceState {
  const [lit, setLit] = useState<string>();
  const [wanted, setWanted] = useState<Wanted>();
  const isLeading = useRef(false);

  useEffect(() => {
    const paths = [...new Set(spots.map(({ path }) => path))];
    const follow = (element: Element | null) => {
      if (isLeading.current || !element?.closest('[data-answer]') || pane.current?.contains(element)) return;
      const path = fieldAround(element, paths);
      setLit(path);
      const spot = spots.find((one) => one.path === path);
      if (spot) setWanted({ spot });
    };
    const onFocus = ({ target }: FocusEvent) => follow(target instanceof Element ? target : null);
    // The focus may have been there before the documents.
    follow(document.activeElement);
    document.addEventListener('focusin', onFocus);
    return () => document.removeEventListener('focusin', onFocus);
  }, [spots, pane]);

  const choose = useCallback((spot: Spot) => {
    setLit(spot.path);
    setWanted({ spot });
    isLeading.current = true;
    focusField(spot.path);
    isLeading.current = false;
  }, []);

  return {
    lit,
    wanted,
    showNext: (path) => {
      const all = spots.filter((spot) => spot.path === path);
      const before = wanted === undefined ? -1 : all.indexOf(wanted.spot);
      const spot = all[(before + 1) % all.length];
      setLit(path);
      if (spot) setWanted({ spot });
    },
    choose,
  };
}
