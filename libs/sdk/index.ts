export { authored } from './authored.js';
export * from './calendar/business-calendar.js';
export * from './calendar/counted-days.js';
export type { HolidayPlace } from './calendar/holidays.js';
export type { HoursText, Weekday } from './calendar/opening-hours.js';
export * from './calendar/time-span.js';
export * from './canary.js';
export * from './cap.js';
export * from './caught-error.js';
export * from './columns.js';
export * from './client.js';
export * from './config.js';
export * from './context-access.js';
export * from './deciding.js';
export { DateField, DateTimeField } from './date-fields.js';
export * from './decorators.js';
export * from './delivery.js';
export * from './document-fields.js';
export * from './documents-in.js';
export * from './documents.js';
export * from './duration.js';
export * from './emitter.js';
export * from './errors.js';
export * from './event.js';
export * from './evidence.js';
export * from './flow.js';
export * from './form-schema.js';
export * from './handlers.js';
export * from './injection.js';
export * from './instant.js';
export * from './interceptor.js';
export * from './migration.js';
export { type Money, MoneyField, type MoneyFieldOptions } from './money-field.js';
export * from './nodes/ab-split.node.js';
export * from './nodes/cancel-on.node.js';
export * from './nodes/cancellation-scope.node.js';
export * from './nodes/compensation.node.js';
export * from './nodes/emit.node.js';
export * from './nodes/for-each.node.js';
export * from './nodes/for-each-run.node.js';
export * from './nodes/if.node.js';
export * from './nodes/inject.node.js';
export * from './nodes/loop.node.js';
export * from './nodes/parallel.node.js';
export * from './nodes/race.node.js';
export * from './nodes/router.node.js';
export * from './nodes/screen.node.js';
export {
  type EscalatedTask,
  type Escalation,
  type EscalationHandler,
  type EscalationOutcome,
  type EscalationStep,
  TaskEscalated,
  type TaskEscalatedPayload,
} from './nodes/screen-escalation.js';
export { assignmentOf, type AssignmentOptions, type OfRun, type TaskAssignment } from './nodes/screen-assignment.js';
export { type OpenedReviews, type ReviewOptions, type ReviewPolicy, reviewsAmong } from './nodes/screen-reviews.js';
export * from './nodes/step.node.js';
export * from './nodes/sub-workflow.node.js';
export * from './nodes/try.node.js';
export * from './nodes/wait-for-event.node.js';
export * from './nodes/wait-for-signal.node.js';
export * from './nodes/wait.node.js';
export type { JsonSchema, OutputCheck } from './output-check.js';
export * from './read-context.js';
export * from './results.js';
export * from './retry.js';
export * from './schedule.js';
export * from './session.js';
export { ShowIf, type ShowIfCondition } from './show-if.js';
export * from './signal.js';
export * from './step-context.js';
export * from './step-policies.js';
export { isShare, type PartOf, type Suggestion, type TaskSuggestion } from './suggestion.js';
export * from './suspension.js';
export * from './type.js';
export * from './validated.js';
export * from './workflow-module.js';
export * from './workflow-options.js';
export * from './workflow.js';
