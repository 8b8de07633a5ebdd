/** How long a claim holds without a sign of life: long enough for a phone call, short enough that a closed laptop blocks nobody's day. */
export const CLAIM_MS = 10 * 60_000;
