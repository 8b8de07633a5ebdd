/** What a mixed run comes to: its items doubled, the turns of its loop, the runs of its list, the winner of its race, what was caught, the branch that was taken, the nodes that were injected, and the weight of its event. */
export const ITEMS = 6;

export function mixedTotal(weight: number): number {
  return ITEMS * (ITEMS - 1) + 3 + 4 + 5 + 7 + 8 + (4 + 5 + 6) + weight;
}
