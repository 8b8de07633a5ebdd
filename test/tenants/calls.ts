/**
 * How one tenant tries to reach another: for each query and mutation, what to call it with. A field without an entry fails the test.
 * The order is that in which the owner makes the same calls in the end.
 */
import type { Seed } from './seed.js';

export interface Call {
  /** With what belongs to `seed`'s tenant, several if there are several ways. Every way must mean something to its owner. */
  readonly ways: (seed: Seed) => readonly Readonly<Record<string, unknown>>[];
  /** Why the owner's answer shows nothing of his, when it does not. */
  readonly showsNothing?: string;
}

const nothing: Call['ways'] = () => [{}];

export const QUERIES: Readonly<Record<string, Call>> = {
  run: { ways: ({ run }) => [{ id: run }] },
  runs: {
    ways: ({ runsCursor, startKey, run }) => [
      ...[
        { first: 20 },
        { first: 20, after: runsCursor },
        { first: 20, filter: { workflow: 'orders' } },
        { first: 20, filter: { waitReason: 'incident' } },
      ],
      ...[startKey, run, run.slice(-8)].map((search) => ({ first: 20, filter: { search } })),
    ],
  },
  deadLetters: {
    ways: () => [{}, { errorCode: 'STEP_FAILED' }, { workflow: 'failing' }].map((filter) => ({ first: 20, filter })),
  },
  deadLetter: { ways: ({ failed }) => [{ id: failed }] },
  checkpoint: { ways: ({ emitted }) => [2, 4].map((seq) => ({ runId: emitted, seq })) },
  checkpointDiff: { ways: ({ emitted }) => [{ runId: emitted, from: 2, to: 4 }] },
  inboxViews: { ways: nothing },
  taskCount: { ways: nothing, showsNothing: 'a count; a stranger asks in libs/tasks/views/inbox-views.int-spec.ts' },
  session: { ways: ({ session }) => [{ name: session }] },
  sessions: { ways: ({ session }) => [{}, { state: 'active' }, { search: session }].map((filter) => ({ first: 20, filter })) },
  task: { ways: ({ task }) => [{ id: task }] },
  inbox: {
    ways: ({ inboxCursor }) => [
      ...[{ first: 20 }, { first: 20, after: inboxCursor }, { first: 20, filter: { status: ['completed'] } }],
      ...[
        { first: 20, order: 'due' },
        { first: 20, filter: { due: { is: 'none' } }, order: 'opened' },
      ],
    ],
  },
  matchingTasks: { ways: () => [{ most: 20, filter: { workflow: 'orders' } }] },
  columnValues: {
    ways: () => [{ workflow: 'orders', column: 'Customer' }],
    showsNothing: 'values alone; a stranger asks in libs/tasks/inbox/filters.int-spec.ts',
  },
  verifyProvenance: {
    ways: nothing,
    showsNothing: 'counts and a hash; a stranger asks in libs/tasks/provenance/provenance-part.int-spec.ts',
  },
  teamReport: { ways: () => [{ period: { zone: 'UTC', days: 2 } }] },
  event: { ways: ({ event }) => [{ id: event }] },
  events: {
    ways: ({ eventsCursor, eventKey, emitted }) => [
      ...[{ first: 2 }, { first: 2, after: eventsCursor }],
      ...[{ name: 'order.received' }, { idempotencyKey: eventKey }, { runId: emitted }].map((filter) => ({ first: 2, filter })),
    ],
  },
  emitter: { ways: () => [{ name: 'intake' }] },
  emitters: { ways: nothing },
  schedules: { ways: nothing },
  parkedVersions: { ways: nothing, showsNothing: 'every version is hosted; a stranger asks in test/server/versions.int-spec.ts' },
  viewer: { ways: nothing },
  apiKeys: { ways: nothing },
  workflow: { ways: () => [{ name: 'orders' }], showsNothing: 'workflows are code' },
  people: { ways: nothing },
  agreement: {
    ways: () => [{}, { workflow: 'orders', days: 1 }],
    showsNothing: 'counts alone; a stranger asks in libs/tasks/agreement/agreement.int-spec.ts',
  },
  notificationSettings: { ways: nothing },
  approvalLink: { ways: ({ link }) => [{ token: link }] },
  workflows: { ways: nothing, showsNothing: 'workflows are code' },
  calendars: { ways: nothing, showsNothing: 'calendars are code' },
  calendar: { ways: () => [{ calendar: 'shipping@1' }], showsNothing: 'calendars are code' },
};

export const MUTATIONS: Readonly<Record<string, Call>> = {
  // Before the stranger has made anything of his own with a key of the owner's: it would be on his next task.
  claimNextTask: {
    ways: ({ task }) => [{}, { after: task }],
    showsNothing: 'the only task of his is held; who gets which is tested in libs/tasks/next-task.int-spec.ts',
  },
  openSession: { ways: ({ mark }) => [{ name: `another ${mark}`.replace(' ', '-') }], showsNothing: 'the session is a new one' },
  pauseSession: { ways: ({ session }) => [{ name: session }] },
  resumeSession: { ways: ({ session }) => [{ name: session }] },
  completeSession: { ways: ({ session }) => [{ name: session, cancelRuns: true }] },
  startRun: {
    ways: ({ startKey, mark }) => [{ workflow: 'orders', input: { id: mark.slice(0, 1), quantity: 1 }, idempotencyKey: startKey }],
  },
  emitEvent: {
    ways: ({ eventKey }) => [{ name: 'order.received', payload: { id: 'X', quantity: 1 }, idempotencyKey: eventKey }],
    showsNothing: 'two emits with one key are two events',
  },
  claimTask: { ways: ({ task }) => [{ id: task }] },
  saveTaskDraft: { ways: ({ task }) => [{ id: task, expectedDraftVersion: 1, draft: { note: 'mine' } }] },
  setTaskPriority: { ways: ({ task }) => [2, 3, 4].map((expectedVersion) => ({ id: task, expectedVersion, priority: 1 })) },
  setTaskPriorities: { ways: ({ task }) => [2, 3, 4].map((expectedVersion) => ({ items: [{ id: task, expectedVersion }], priority: 2 })) },
  releaseTasks: {
    ways: ({ task }) => [{ items: [{ id: task, expectedVersion: 2 }] }],
    showsNothing: 'what the first of many calls has given back shows in none of the others; of a stranger, in libs/tasks/bulk.int-spec.ts',
  },
  releaseTask: { ways: ({ task }) => [{ id: task }] },
  takeOverTask: { ways: ({ task }) => [2, 3, 4].map((expectedVersion) => ({ id: task, expectedVersion })) },
  skipTask: { ways: ({ task }) => [{ id: task, reason: 'not mine', claimNext: true }] },
  completeTask: {
    ways: ({ task }) =>
      [2, 3, 4].map((expectedVersion) => ({ id: task, expectedVersion, answer: { verdict: 'approve' }, claimNext: true })),
  },
  commentOnTask: {
    ways: ({ task, comment }) => [
      { taskId: task, text: 'mine', field: 'note' },
      { taskId: task, text: 'mine', parentId: comment },
    ],
  },
  editComment: { ways: ({ task, comment }) => [{ taskId: task, id: comment, text: 'mine' }] },
  resolveComment: { ways: ({ task, comment }) => [{ taskId: task, id: comment }] },
  reopenComment: { ways: ({ task, comment }) => [{ taskId: task, id: comment }] },
  completeTasks: {
    ways: ({ task }) => [{ items: [{ id: task, expectedVersion: 2 }], answer: { verdict: 'approve' }, idempotencyKey: 'mine' }],
    showsNothing: 'its screen takes no answer for many; of a stranger, in libs/tasks/bulk.int-spec.ts',
  },
  undoDecision: { ways: ({ task }) => [{ id: task }] },
  cancelTask: { ways: ({ task }) => [2, 3, 4].map((expectedVersion) => ({ id: task, expectedVersion })) },
  reassignTask: { ways: ({ task }) => [{ id: task, to: { groups: ['mine'] } }] },
  reassignTasks: {
    ways: ({ task }) => [{ items: [{ id: task, expectedVersion: 1 }], to: { groups: ['mine'] } }],
    showsNothing: 'the task was decided some calls ago',
  },
  setGroups: { ways: ({ person }) => [{ name: person, groups: ['mine'] }] },
  saveNotificationSettings: {
    ways: () => [{ settings: { channels: [], kinds: [], rhythm: 'daily', dailyAt: '08:00', zone: 'UTC' } }],
  },
  setNotificationAddress: { ways: () => [{ address: 'x@example.com' }], showsNothing: 'no mail is sent here' },
  confirmNotificationAddress: { ways: () => [{ token: 'x' }], showsNothing: 'of a stranger, in libs/notifications/notifier.int-spec.ts' },
  decideByLink: {
    ways: ({ link }) => [{ token: link, expectedVersion: 2 }],
    showsNothing: 'the task is decided above; of a stranger, in libs/tasks/links/approval-links.int-spec.ts',
  },
  retryNotification: { ways: ({ notification }) => [{ id: notification }] },
  saveInboxView: { ways: ({ view, mark }) => [{ id: view, name: `${mark} again`, isShared: true }] },
  deleteInboxView: { ways: ({ view }) => [{ id: view }] },
  setAbsence: { ways: ({ person }) => [{ name: person, absence: null }] },
  settleAsyncResult: { ways: ({ asyncResult }) => [{ id: asyncResult, result: 1 }] },
  forkRun: { ways: ({ run, failed }) => [run, failed].map((id) => ({ id, reason: 'not mine' })) },
  reinjectDeadLetters: { ways: () => [{ filter: {}, dryRun: true }], showsNothing: 'a count is no row of his' },
  dismissDeadLetters: { ways: () => [{ filter: {}, dryRun: true }], showsNothing: 'a count is no row of his' },
  reinjectRun: { ways: ({ failed }) => [{ id: failed, input: {}, reason: 'not mine' }] },
  dismissDeadLetter: { ways: ({ failed }) => [{ id: failed, reason: 'not mine' }], showsNothing: 'it was settled a call ago' },
  exportCheckpoint: { ways: ({ emitted }) => [{ runId: emitted, seq: 4 }], showsNothing: 'the mark is in a text of base64' },
  runCheckpoint: { ways: ({ checkpoint }) => [{ checkpoint }] },
  pruneCheckpoints: { ways: ({ emitted }) => [{ id: emitted, before: 4 }] },
  migrateRuns: {
    ways: ({ run }) => [{ workflow: 'orders', from: 1, to: 2, filter: { runs: [run] } }],
    showsNothing: 'there is no plan; a stranger asks in test/server/versions.int-spec.ts',
  },
  undoMigrations: { ways: ({ run }) => [{ runs: [run] }] },
  retryRun: { ways: ({ parked, failed }) => [parked, failed].map((id) => ({ id, reason: 'not mine' })) },
  resolveIncident: {
    ways: ({ parked }) => [true, false].map((happened) => ({ id: parked, path: 'work', iteration: '', attempt: 1, happened })),
  },
  pauseRun: { ways: ({ run, parked }) => [run, parked].map((id) => ({ id, reason: 'not mine' })) },
  resumeRun: { ways: ({ run, parked }) => [run, parked].map((id) => ({ id })) },
  signalRun: { ways: ({ run }) => [{ id: run, name: 'hurry', payload: {} }] },
  updateContext: { ways: ({ run }) => [{ id: run, patch: { note: 'not mine' } }] },
  injectNodes: { ways: ({ asking, mark }) => [{ id: asking, nodes: [{ id: 'mine', handler: 'note', params: { text: mark } }] }] },
  cancelRun: { ways: ({ run }) => [{ id: run, reason: 'not mine' }] },
  createApiKey: {
    ways: () => [{ name: 'mine', role: 'reviewer', expiresInDays: 1 }],
    showsNothing: 'the key is a new one',
  },
  runScheduleNow: { ways: () => [{ schedule: 'intake' }], showsNothing: 'the run is a new one' },
  pauseSchedule: { ways: () => [{ schedule: 'intake', reason: 'mine' }], showsNothing: 'schedules are code' },
  resumeSchedule: { ways: () => [{ schedule: 'intake' }], showsNothing: 'schedules are code' },
  revokeApiKey: { ways: ({ apiKey }) => [{ id: apiKey }] },
  changePassword: { ways: () => [{ current: 'wrong', next: 'a long enough one' }], showsNothing: 'it is the password of whoever asks' },
};
