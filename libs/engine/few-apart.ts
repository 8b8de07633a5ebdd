/** So many take some milliseconds together, a few of them half of one. */
const LARGE = 100;
/** Who has at most this part of what another one has. */
const SMALL_PART = 1 / 10;

/**
 * Of a large batch, what belongs to those who have hardly anything in it: with the others' it would take as long as all of it.
 *
 * @param ownerOf whose an item is (a tenant)
 * @returns all items, each list in its order; `few` is empty where nobody has much less than somebody else, or the batch is small
 */
export function fewApart<Item>(batch: readonly Item[], ownerOf: (item: Item) => string): Record<'few' | 'rest', readonly Item[]> {
  if (batch.length < LARGE) return { few: [], rest: batch };
  const counts = new Map<string, number>();
  for (const item of batch) counts.set(ownerOf(item), (counts.get(ownerOf(item)) ?? 0) + 1);
  if (counts.size === 1) return { few: [], rest: batch };
  const most = Math.max(...counts.values()) * SMALL_PART;
  const isOfFew = (item: Item): boolean => (counts.get(ownerOf(item)) ?? 0) <= most;
  return { few: batch.filter(isOfFew), rest: batch.filter((item) => !isOfFew(item)) };
}
