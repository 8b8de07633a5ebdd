import { formatDuration } from './format-duration.js';
import { useNow } from './ticking-now.js';

/** How long something took, or takes so far. */
export function Elapsed({ from, to }: { readonly from: string; readonly to: string | null }) {
  return to === null ? <Growing from={from} /> : <span className="numbers">{formatDuration(Date.parse(to) - Date.parse(from))}</span>;
}

function Growing({ from }: { readonly from: string }) {
  return <span className="numbers">{formatDuration(Math.max(0, useNow() - Date.parse(from)))}</span>;
}
