/** In characters of texts, with something for each value: thousands of such weigh some ten megabytes. */
const MOST = 8_000;
const OF_A_VALUE = 16;

/** Whether something made of plain values, lists and maps weighs little. No more of it is looked at than that takes. */
export function isLight(value: unknown): boolean {
  return leftOf(value, MOST) >= 0;
}

function leftOf(value: unknown, most: number): number {
  let left = most - OF_A_VALUE;
  if (typeof value === 'string') return left - value.length;
  if (typeof value !== 'object' || value === null) return left;
  if (Symbol.iterator in value) {
    for (const one of value as Iterable<unknown>) if ((left = leftOf(one, left)) < 0) break;
    return left;
  }
  for (const key in value) if ((left = leftOf((value as Record<string, unknown>)[key], left)) < 0) break;
  return left;
}
