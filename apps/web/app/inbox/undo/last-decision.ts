// The last decision of this tab, while it can be taken back: the key does so after a reload, too, wherever in the inbox one is by then. Of one
// account, since another may sign in here.
const PLACE = 'stepwell.decided';

interface LastDecision {
  /** The id of who decided. */
  readonly viewer: string;
  /** Of the task. */
  readonly id: string;
  /** Until when it can be taken back: an instant of ISO 8601. */
  readonly until: string;
}

type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function keepDecision({ viewer, id, until }: LastDecision, place: Place = sessionStorage): void {
  place.setItem(PLACE, JSON.stringify({ viewer, id, until }));
}

/** @returns the id of the task; undefined when there is none, or its time is over */
export function keptDecision(viewer: string, now: number, place: Place = sessionStorage): string | undefined {
  const kept = readKept(place);
  if (kept?.viewer !== viewer || typeof kept.id !== 'string') return undefined;
  if (Date.parse(kept.until ?? '') > now) return kept.id;
  forgetDecision(place);
  return undefined;
}

export function forgetDecision(place: Place = sessionStorage): void {
  place.removeItem(PLACE);
}

function readKept(place: Place): Partial<LastDecision> | null {
  try {
    return JSON.parse(place.getItem(PLACE) ?? 'null') as Partial<LastDecision> | null;
  } catch {
    // Somebody else has written there: it is only a convenience.
    return null;
  }
}
