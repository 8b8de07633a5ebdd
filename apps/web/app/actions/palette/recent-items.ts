// The things that one has looked at last, newest first: kept in the browser for each account, and gone when one signs out.
const PLACE = 'stepwell.recent';
/** What one can take in at a glance. */
const MOST = 8;

export interface RecentItem {
  readonly href: string;
  readonly title: string;
  /** `Task`, `Run` */
  readonly kind: string;
}

export function rememberItem(viewer: string, item: RecentItem): void {
  const others = recentItems(viewer).filter(({ href }) => href !== item.href);
  localStorage.setItem(PLACE, JSON.stringify({ viewer, items: [item, ...others].slice(0, MOST) }));
}

export function recentItems(viewer: string): readonly RecentItem[] {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? '{}') as { viewer?: string; items?: readonly RecentItem[] };
    return kept.viewer === viewer ? (kept.items ?? []) : [];
  } catch {
    // Somebody else has written there: it is only a convenience.
    return [];
  }
}

export function forgetItems(): void {
  localStorage.removeItem(PLACE);
}
