// Ratios between neighbours: of machines and minutes they tell more than any figure by itself.

/** Nobody is told as more than so many times as good as another one, not even who needs nothing at all. */
const MOST_TIMES = 100;

/**
 * How good one is beside the other, within each repeat: 1 is as good, 2 twice as good, whichever way is better.
 *
 * @param {{ key: string, better?: 'more' | 'less' }} figure
 * @param {{ rep: number }[]} own measurements of one system, each with the figure
 * @param {{ rep: number }[]} others those of the other one
 */
export function ratios({ key, better }, own, others) {
  const byRep = new Map(others.map((line) => [line.rep, line[key]]));
  return own.flatMap((line) => {
    const [one, other] = [line[key], byRep.get(line.rep)];
    if (!(one >= 0 && other >= 0)) return [];
    if (one === other) return [1];
    const times = Math.min(MOST_TIMES, Math.max(1 / MOST_TIMES, one / other));
    return [better === 'more' ? times : 1 / times];
  });
}
