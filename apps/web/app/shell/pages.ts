import { useMay } from '../session/session.js';
import type { Role } from '../session/viewer.query.js';

/** The pages of the navigation, in its order; those with `needs` are for this role and above. */
const PAGES = [
  { to: '/inbox', title: 'Inbox' },
  { to: '/team', title: 'Team' },
  { to: '/runs', title: 'Runs' },
  { to: '/dead-letters', title: 'Dead letters' },
  { to: '/sessions', title: 'Sessions' },
  { to: '/workflows', title: 'Workflows' },
  { to: '/agreement', title: 'Agreement', needs: 'operator' },
  { to: '/schedules', title: 'Schedules' },
  { to: '/calendars', title: 'Calendars' },
  { to: '/events', title: 'Events' },
  { to: '/emitters', title: 'Emitters' },
] as const satisfies readonly { readonly to: string; readonly title: string; readonly needs?: Role }[];

/** Those that the viewer may open. */
export function usePages(): readonly (typeof PAGES)[number][] {
  const isOperator = useMay('operator');
  return PAGES.filter((page) => !('needs' in page) || isOperator);
}
