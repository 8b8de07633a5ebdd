/** @param share from 0 to 1 @returns of the numbers, the least that so many are not above; undefined when there are none */
export function quantile(numbers: readonly number[], share: number): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}
