/** The pages of the navigation, in its order. */
export const PAGES = [
  { to: '/inbox', title: 'Inbox' },
  { to: '/team', title: 'Team' },
  { to: '/runs', title: 'Runs' },
  { to: '/dead-letters', title: 'Dead letters' },
  { to: '/sessions', title: 'Sessions' },
  { to: '/workflows', title: 'Workflows' },
  { to: '/schedules', title: 'Schedules' },
  { to: '/events', title: 'Events' },
  { to: '/emitters', title: 'Emitters' },
] as const;
