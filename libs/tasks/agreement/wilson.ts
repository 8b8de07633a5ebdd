/** 95 of 100 such intervals hold the true share. */
const Z = 1.959964;

/**
 * The Wilson score interval of a share: sensible also when all or nothing was hit, and for few trials.
 * @returns from 0 to 1; from 0 to 1 as a whole when there were no trials
 */
export function wilson(hits: number, trials: number): { readonly low: number; readonly high: number } {
  if (trials === 0) return { low: 0, high: 1 };
  const share = hits / trials;
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (Z / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
