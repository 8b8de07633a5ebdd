/** The hands of the nemesis, and how often each fault is in the deck that a hand draws from. */
import { SQLSTATES } from './failpoints/order.js';
import type { Fault } from './faults.js';

/** Deals one fault after the other from its deck, with pauses between them. */
export interface Hand {
  /** At least, and at most. */
  readonly pauseMs: readonly [number, number];
  readonly deck: readonly (readonly [times: number, fault: Fault])[];
}

/** So long a campaign, and any longer one, meets each harm that a step can do. */
export const EACH_HARM_MS = 180_000;

export const HANDS: Readonly<Record<'kills' | 'ends' | 'poisons' | 'freezes' | 'database' | 'wires' | 'redis', Hand>> = {
  kills: {
    pauseMs: [200, 1_200],
    deck: [
      [5, 'kill'],
      [6, 'failpoint'],
    ],
  },
  ends: { pauseMs: [3_000, 9_000], deck: [[1, 'deploy'], [1, 'server']] }, // prettier-ignore
  poisons: { pauseMs: [6_000, 14_000], deck: [[1, 'poison']] },
  freezes: { pauseMs: [2_000, 8_000], deck: [[1, 'zombie']] },
  database: { pauseMs: [2_500, 7_000], deck: [[8, 'database-stop'], [1, 'database-kill'], [2, 'connections-cut'], [1, 'pool'], [1, 'read-only'], [1, 'disk-full']] }, // prettier-ignore
  wires: { pauseMs: [500, 2_500], deck: [[1, 'wire-late'], [1, 'wire-half-open'], [1, 'wire-cut'], [1, 'deafness'], ...SQLSTATES.map((code) => [1, code] as const)] }, // prettier-ignore
  redis: { pauseMs: [1_000, 5_000], deck: [[2, 'redis-kill'], [1, 'redis-freeze'], [3, 'redis-flush']] }, // prettier-ignore
};
