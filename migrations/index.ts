/** Every migration, oldest first. Append-only: a released migration never changes. */
import { Foundation1763700000000 } from './1763700000000-foundation.js';
import { StrikeRegistry1763700100000 } from './1763700100000-strike-registry.js';
import { EventWaits1763800000000 } from './1763800000000-event-waits.js';
import { ChildRuns1763800100000 } from './1763800100000-child-runs.js';
import { ApiKeys1763800200000 } from './1763800200000-api-keys.js';
import { Documents1764000000000 } from './1764000000000-documents.js';
import { EventsByKey1764100000000 } from './1764100000000-events-by-key.js';
import { Retries1764200000000 } from './1764200000000-retries.js';
import { Permits1764300000000 } from './1764300000000-permits.js';
import { Retention1764400000000 } from './1764400000000-retention.js';
import { Crashes1764500000000 } from './1764500000000-crashes.js';
import { RunsByStatus1764600000000 } from './1764600000000-runs-by-status.js';
import { SchedulePauses1764700000000 } from './1764700000000-schedule-pauses.js';
import { CappedCancels1764800000000 } from './1764800000000-capped-cancels.js';
import { RunsOfSchedules1765000000000 } from './1765000000000-runs-of-schedules.js';
import { PausedCancels1765500000000 } from './1765500000000-paused-cancels.js';
import { Forks1765600000000 } from './1765600000000-forks.js';
import { StepKeys1765900000000 } from './1765900000000-step-keys.js';
import { StepPriorities1765910000000 } from './1765910000000-step-priorities.js';
import { DeadLetters1766100000000 } from './1766100000000-dead-letters.js';
import { RunSessions1766110000000 } from './1766110000000-run-sessions.js';
import { Checkpoints1766200000000 } from './1766200000000-checkpoints.js';
import { HostedVersions1766300000000 } from './1766300000000-hosted-versions.js';
import { TaskSkips1766640000000 } from './1766640000000-task-skips.js';
import { UndoWindows1766641000000 } from './1766641000000-undo-windows.js';
import { TaskAssignment1766650000000 } from './1766650000000-task-assignment.js';
import { WhoMayDecide1766700000000 } from './1766700000000-who-may-decide.js';
import { TaskSuggestions1766720000000 } from './1766720000000-task-suggestions.js';
import { TaskAgreement1766720100000 } from './1766720100000-task-agreement.js';
import { InboxFilters1766730000000 } from './1766730000000-inbox-filters.js';
import { InboxViews1766730100000 } from './1766730100000-inbox-views.js';
import { DecisionRecords1766740000000 } from './1766740000000-decision-records.js';
import { Notifications1766750000000 } from './1766750000000-notifications.js';
import { ApprovalLinks1766750100000 } from './1766750100000-approval-links.js';
import { EndedTasks1766760000000 } from './1766760000000-ended-tasks.js';
import { ClearedMonths1766770000000 } from './1766770000000-cleared-months.js';
import { NearestStarters1766780000000 } from './1766780000000-nearest-starters.js';
import { TaskReviews1766800000000 } from './1766800000000-task-reviews.js';
import { TaskComments1766820000000 } from './1766820000000-task-comments.js';
import { ChannelsApart1766830000000 } from './1766830000000-channels-apart.js';
import { AwayInTurn1766830100000 } from './1766830100000-away-in-turn.js';
import { FollowUps1766860000000 } from './1766860000000-follow-ups.js';
import { StandingDecisions1766880000000 } from './1766880000000-standing-decisions.js';
import { NobodyLeft1766890000000 } from './1766890000000-nobody-left.js';
import { CommentBounds1766910000000 } from './1766910000000-comment-bounds.js';
import { WhoseTasks1766930000000 } from './1766930000000-whose-tasks.js';
import { ScheduleRules1766970000000 } from './1766970000000-schedule-rules.js';
import { TenantShares1766980200000 } from './1766980200000-tenant-shares.js';
import { RunsOfWorkflow1766980400000 } from './1766980400000-runs-of-workflow.js';
import { HeardWorkers1766990000000 } from './1766990000000-heard-workers.js';
import { CommentKeys1766940000000 } from './1766940000000-comment-keys.js';
import { GivenAnswers1766960000000 } from './1766960000000-given-answers.js';

export const MIGRATIONS = [
  Foundation1763700000000,
  StrikeRegistry1763700100000,
  EventWaits1763800000000,
  ChildRuns1763800100000,
  ApiKeys1763800200000,
  Documents1764000000000,
  EventsByKey1764100000000,
  Retries1764200000000,
  Permits1764300000000,
  Retention1764400000000,
  Crashes1764500000000,
  RunsByStatus1764600000000,
  SchedulePauses1764700000000,
  CappedCancels1764800000000,
  RunsOfSchedules1765000000000,
  PausedCancels1765500000000,
  Forks1765600000000,
  StepKeys1765900000000,
  StepPriorities1765910000000,
  DeadLetters1766100000000,
  RunSessions1766110000000,
  Checkpoints1766200000000,
  HostedVersions1766300000000,
  TaskSkips1766640000000,
  UndoWindows1766641000000,
  TaskAssignment1766650000000,
  WhoMayDecide1766700000000,
  TaskSuggestions1766720000000,
  TaskAgreement1766720100000,
  InboxFilters1766730000000,
  InboxViews1766730100000,
  DecisionRecords1766740000000,
  Notifications1766750000000,
  ApprovalLinks1766750100000,
  EndedTasks1766760000000,
  ClearedMonths1766770000000,
  NearestStarters1766780000000,
  TaskReviews1766800000000,
  TaskComments1766820000000,
  ChannelsApart1766830000000,
  AwayInTurn1766830100000,
  FollowUps1766860000000,
  StandingDecisions1766880000000,
  NobodyLeft1766890000000,
  CommentBounds1766910000000,
  WhoseTasks1766930000000,
  CommentKeys1766940000000,
  GivenAnswers1766960000000,
  ScheduleRules1766970000000,
  TenantShares1766980200000,
  RunsOfWorkflow1766980400000,
  HeardWorkers1766990000000,
];
