// The map of the pages. Filters and the selected task live in the address, so that a link, a reload and the back button mean the same.
// The inbox is what most people open first and comes with the entry; the operators' pages are loaded when they are visited.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { readAgreementSearch } from './agreement/agreement-search.js';
import { readCalendarSearch } from './calendars/calendar-search.js';
import { readLetterFilter } from './dead-letters/letter-filter.js';
import { readEventFilter } from './events/event-filter.js';
import { InboxPage } from './inbox/inbox.page.js';
import { readInboxFilter } from './inbox/inbox-filter.js';
import { NothingChosen } from './inbox/nothing-chosen.js';
import { TaskPage } from './inbox/task/task.page.js';
import { readRunSearch } from './run/run-search.js';
import { readSessionFilter } from './run-sessions/session-filter.js';
import { readRunFilter } from './runs/run-filter.js';
import { Crash } from './shell/crash.js';
import { NotFound } from './shell/not-found.js';
import { Shell } from './shell/shell.js';
import { readTeamSearch } from './team/team-search.js';
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
  component: lazyRouteComponent(() => import('./runs/runs.page.js'), 'RunsPage'),
  validateSearch: readRunFilter,
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
  component: lazyRouteComponent(() => import('./calendars/calendar.page.js'), 'CalendarPage'),
  validateSearch: readCalendarSearch,
});

const events = createRoute({
  getParentRoute: () => root,
  path: 'events',
  component: lazyRouteComponent(() => import('./events/events.page.js'), 'EventsPage'),
  validateSearch: readEventFilter,
});

const event = createRoute({
  getParentRoute: () => root,
  path: 'events/$eventId',
  component: lazyRouteComponent(() => import('./events/event.page.js'), 'EventPage'),
});

const sessions = createRoute({
  getParentRoute: () => root,
  path: 'sessions',
  component: lazyRouteComponent(() => import('./run-sessions/sessions.page.js'), 'SessionsPage'),
  validateSearch: readSessionFilter,
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
  component: lazyRouteComponent(() => import('./team/team.page.js'), 'TeamPage'),
  validateSearch: readTeamSearch,
});

const agreement = createRoute({
  getParentRoute: () => root,
  path: 'agreement',
  component: lazyRouteComponent(() => import('./agreement/agreement.page.js'), 'AgreementPage'),
  validateSearch: readAgreementSearch,
});

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: 'dead-letters',
  component: lazyRouteComponent(() => import('./dead-letters/dead-letters.page.js'), 'DeadLettersPage'),
  validateSearch: readLetterFilter,
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
