import { use } from 'react';
import type { DocumentReference } from './document-reference.js';
import { EvidenceContext } from './evidence-context.js';
import classes from './evidence.module.css';

interface EvidenceBoxesProps {
  readonly document: DocumentReference;
  /** From 1. */
  readonly page: number;
}

/** Over a sheet: where the values of fields were found on it. */
export function EvidenceBoxes({ document, page }: EvidenceBoxesProps) {
  const { spots, lit, titleOf, onChoose } = use(EvidenceContext);
  return spots.map((spot, index) => {
    if (spot.document.id !== document.id || spot.page !== page) return null;
    const [left, top, width, height] = spot.box.map((side) => `${side * 100}%`);
    return (
      <button
        key={index}
        type="button"
        className={classes.box}
        style={{ left, top, width, height }}
        data-lit={spot.path === lit || undefined}
        title={titleOf(spot.path)}
        aria-label={`${titleOf(spot.path)}: found here. Go to the field`}
        onClick={() => onChoose(spot)}
      />
    );
  });
}
