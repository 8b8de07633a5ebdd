export type { TaskOrder } from '@stepwell/storage';
export type { TaskFilter, TaskListing, TaskWindow } from './inbox/task-filter.js';
export type { ColumnValuesRequest } from './inbox/column-values.js';
export * from './comments/task-comments.js';
export type { FieldChange } from './history/field-changes.js';
export type { TaskHistoryEntry } from './history/task-history.js';
export type { InboxRequest, TaskPage } from './inbox/inbox-page.js';
export { DecisionSealer } from './provenance/decision-sealer.js';
export * from './provenance/provenance.js';
export { sealKeys } from './provenance/seal.js';
export { sealTenant } from './provenance/seal-tenant.js';
export type { Anchor, ChainVerdict } from './provenance/chain-check.js';
export { exportChain, type ExportFilter } from './provenance/export-chain.js';
export { exportFilterOf } from './provenance/export-filter.js';
export { linesOf } from './provenance/lines-of.js';
export type { PartVerdict } from './provenance/verify-part.js';
export { verifyChain } from './provenance/verify-chain.js';
export { verifyExport } from './provenance/verify-export.js';
export { handsTo } from './reviews/hands-to.js';
export * from './reviews/what-one-sees.js';
export * from './screen-provider.port.js';
export * from './views/column-provider.port.js';
export * from './views/inbox-views.js';
export * from './links/approval-links.js';
export * from './task-assignments.js';
export * from './task-bulk.js';
export * from './task-claims.js';
export * from './task-permissions.js';
export * from './task-priorities.js';
export * from './task-refusal.js';
export * from './task-view.js';
export * from './task.service.js';
export type {
  AgeFigures,
  DayFigures,
  DecisionTime,
  EndedFigures,
  OpenFigures,
  ReviewerFigures,
  ScreenFigures,
} from './team/team-figures.js';
export type { PeriodRequest } from './team/team-period.js';
export * from './team/team-reports.js';
export type { FilterRequest, TeamViewer } from './team/team-scope.js';
export type { SeenTask, TaskOutcome } from './transitions/each-by-itself.js';
export { type Found, keptByRows, type Named } from './transitions/kept-by-rows.js';
export { AuthorError, SAYS_NO } from './transitions/who-may.js';
