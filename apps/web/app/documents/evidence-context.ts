// What the sheets know of the evidence: which places are theirs to mark, which are lit, and where to scroll.
import { createContext } from 'react';
import type { Spot } from './evidence.js';

/** Made anew each time somebody asks for a place, also for the same one again. */
export interface Wanted {
  readonly spot: Spot;
}

export interface ShownEvidence {
  readonly spots: readonly Spot[];
  /** The field whose places are lit. */
  readonly lit: string | undefined;
  readonly wanted: Wanted | undefined;
  /** In the order of the form. */
  readonly paths: readonly string[];
  readonly titleOf: (path: string) => string;
  /** A place was chosen in the document. */
  readonly onChoose: (spot: Spot) => void;
}

export const EvidenceContext = createContext<ShownEvidence>({
  ...{ spots: [], paths: [], lit: undefined, wanted: undefined, titleOf: (path) => path },
  onChoose: () => undefined,
});
