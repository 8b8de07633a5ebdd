export type { InboxRequest, TaskPage } from './inbox/inbox-page.js';
export * from './screen-provider.port.js';
export * from './task-assignments.js';
export * from './task-claims.js';
export * from './task-refusal.js';
export * from './task-view.js';
export * from './task.service.js';
