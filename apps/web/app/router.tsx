// The map of the pages. Filters and the selected task live in the address, so that a link, a reload and the back button mean the same.
// The inbox is what most people open first and comes with the entry; the operators' pages are loaded when they are visited.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { AGREEMENT_ADDRESS } from './agreement/agreement-search.js';
import { CALENDAR_ADDRESS } from './calendars/calendar-search.js';
import { LETTERS_ADDRESS } from './dead-letters/letter-filter.js';
import { EVENTS_ADDRESS } from './events/event-filter.js';
import { InboxPage } from './inbox/inbox.page.js';
import { readInboxFilter } from './inbox/inbox-filter.js';
import { NothingChosen } from './inbox/nothing-chosen.js';
import { TaskPage } from './inbox/task/task.page.js';
import { addressed } from './list/strange-address.js';
import { readRunSearch } from './run/run-search.js';
import { SESSIONS_ADDRESS } from './run-sessions/session-filter.js';
import { RUNS_ADDRESS } from './runs/run-filter.js';
import { Crash } from './shell/crash.js';
import { NotFound } from './shell/not-found.js';
import { Shell } from './shell/shell.js';
import { TEAM_ADDRESS } from './team/team-search.js';
import { readWorkflowSearch } from './workflow/workflow-search.js';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Crash });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a redirect is thrown, that is the router's way
    throw redirect({ to: '/inbox', replace: true });
  },
});

const inbox = createRoute({ getParentRoute: () => root, path: 'inbox', component: InboxPage, validateSearch: readInboxFilter });
const nothingChosen = createRoute({ getParentRoute: () => inbox, path: '/', component: NothingChosen });
const task = createRoute({ getParentRoute: () => inbox, path: '$taskId', component: TaskPage });

const runs = createRoute({
  getParentRoute: () => root,
  path: 'runs',
  component: addressed(
    lazyRouteComponent(() => import('./runs/runs.page.js'), 'RunsPage'),
    { title: 'Runs', back: 'Show all runs' },
  ),
  validateSearch: RUNS_ADDRESS,
});

const run = createRoute({
  getParentRoute: () => root,
  path: 'runs/$runId',
  component: lazyRouteComponent(() => import('./run/run.page.js'), 'RunPage'),
  validateSearch: readRunSearch,
});

const emitters = createRoute({
  getParentRoute: () => root,
  path: 'emitters',
  component: lazyRouteComponent(() => import('./emitters/emitters.page.js'), 'EmittersPage'),
});

const workflows = createRoute({
  getParentRoute: () => root,
  path: 'workflows',
  component: lazyRouteComponent(() => import('./workflows/workflows.page.js'), 'WorkflowsPage'),
});

const workflow = createRoute({
  getParentRoute: () => root,
  path: 'workflows/$name',
  component: lazyRouteComponent(() => import('./workflow/workflow.page.js'), 'WorkflowPage'),
  validateSearch: readWorkflowSearch,
});

const start = createRoute({
  getParentRoute: () => root,
  path: 'workflows/$name/start',
  component: lazyRouteComponent(() => import('./workflow/start/start.page.js'), 'StartPage'),
});

const schedules = createRoute({
  getParentRoute: () => root,
  path: 'schedules',
  component: lazyRouteComponent(() => import('./schedules/schedules.page.js'), 'SchedulesPage'),
});

const calendars = createRoute({
  getParentRoute: () => root,
  path: 'calendars',
  component: lazyRouteComponent(() => import('./calendars/calendars.page.js'), 'CalendarsPage'),
});

const calendar = createRoute({
  getParentRoute: () => root,
  path: 'calendars/$calendarId',
  component: addressed(
    lazyRouteComponent(() => import('./calendars/calendar.page.js'), 'CalendarPage'),
    { title: 'Calendar', back: 'Show the calendar as it is today' },
  ),
  validateSearch: CALENDAR_ADDRESS,
});

const events = createRoute({
  getParentRoute: () => root,
  path: 'events',
  component: addressed(
    lazyRouteComponent(() => import('./events/events.page.js'), 'EventsPage'),
    { title: 'Events', back: 'Show all events' },
  ),
  validateSearch: EVENTS_ADDRESS,
});

const event = createRoute({
  getParentRoute: () => root,
  path: 'events/$eventId',
  component: lazyRouteComponent(() => import('./events/event.page.js'), 'EventPage'),
});

const sessions = createRoute({
  getParentRoute: () => root,
  path: 'sessions',
  component: addressed(
    lazyRouteComponent(() => import('./run-sessions/sessions.page.js'), 'SessionsPage'),
    { title: 'Sessions', back: 'Show all sessions' },
  ),
  validateSearch: SESSIONS_ADDRESS,
});

const session = createRoute({
  getParentRoute: () => root,
  path: 'sessions/$name',
  component: lazyRouteComponent(() => import('./run-sessions/session.page.js'), 'SessionPage'),
});

const notifications = createRoute({
  getParentRoute: () => root,
  path: 'notifications',
  component: lazyRouteComponent(() => import('./notifications/notifications.page.js'), 'NotificationsPage'),
});

const link = createRoute({
  getParentRoute: () => root,
  path: 'links/$token',
  component: lazyRouteComponent(() => import('./links/signed-in-link.page.js'), 'SignedInLinkPage'),
});

const confirmAddress = createRoute({
  getParentRoute: () => root,
  path: 'notifications/confirm/$token',
  component: lazyRouteComponent(() => import('./notifications/confirm-address.page.js'), 'ConfirmAddressPage'),
});

const team = createRoute({
  getParentRoute: () => root,
  path: 'team',
  component: addressed(
    lazyRouteComponent(() => import('./team/team.page.js'), 'TeamPage'),
    { title: 'Team', back: 'Show the last 30 days' },
  ),
  validateSearch: TEAM_ADDRESS,
});

const agreement = createRoute({
  getParentRoute: () => root,
  path: 'agreement',
  component: addressed(
    lazyRouteComponent(() => import('./agreement/agreement.page.js'), 'AgreementPage'),
    { title: 'Agreement', back: 'Show all workflows' },
  ),
  validateSearch: AGREEMENT_ADDRESS,
});

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: 'dead-letters',
  component: addressed(
    lazyRouteComponent(() => import('./dead-letters/dead-letters.page.js'), 'DeadLettersPage'),
    { title: 'Dead letters', back: 'Show all dead letters' },
  ),
  validateSearch: LETTERS_ADDRESS,
});

const deadLetter = createRoute({
  getParentRoute: () => root,
  path: 'dead-letters/$runId',
  component: lazyRouteComponent(() => import('./dead-letters/dead-letter.page.js'), 'DeadLetterPage'),
});

const routeTree = root.addChildren([
  home,
  inbox.addChildren([nothingChosen, task]),
  runs,
  run,
  team,
  deadLetters,
  deadLetter,
  sessions,
  session,
  workflows,
  workflow,
  start,
  schedules,
  calendars,
  calendar,
  events,
  event,
  emitters,
  agreement,
  notifications,
  confirmAddress,
  link,
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultErrorComponent: Crash,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
