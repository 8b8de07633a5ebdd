/** What the schema is made of. A new resource is a folder and its resolvers here. */
import { ApiKeyResolver } from './api-keys/api-key.resolver.js';
import { ChangeResolver } from './changes/change.resolver.js';
import { DeadLetterConnectionResolver, DeadLetterResolver } from './dead-letters/dead-letter.resolver.js';
import { EmitterResolver, EmitterRunResolver } from './emitters/emitter.resolver.js';
import { FieldErrorObject, GeneralErrorObject } from './errors/user-error.object.js';
import { DeliveryResolver } from './events/delivery.resolver.js';
import { EventResolver } from './events/event.resolver.js';
import { NotificationResolver } from './notifications/notification.resolver.js';
import { ViewerResolver } from './people/viewer.resolver.js';
import { CheckpointResolver } from './runs/checkpoint.resolver.js';
import { RunConnectionResolver } from './runs/run-connection.resolver.js';
import { RunFieldsResolver } from './runs/run-fields.resolver.js';
import { RunForkResolver } from './runs/run-fork.resolver.js';
import { RunRetryResolver } from './runs/run-retry.resolver.js';
import { RunSignalsResolver } from './runs/run-signals.resolver.js';
import { RunResolver } from './runs/run.resolver.js';
import { StepErrorResolver } from './runs/step-error.resolver.js';
import { ScheduleResolver } from './schedules/schedule.resolver.js';
import { SessionResolver } from './sessions/session.resolver.js';
import { InboxViewResolver } from './tasks/inbox-view.resolver.js';
import { TaskBulkResolver } from './tasks/task-bulk.resolver.js';
import { TaskClaimsResolver } from './tasks/task-claims.resolver.js';
import { TaskCommentResolver } from './tasks/task-comment.resolver.js';
import { TaskContentResolver, TaskReviewsResolver } from './tasks/task-content.resolver.js';
import { TaskPermissionResolver } from './tasks/task-permission.resolver.js';
import { TaskDecisionsResolver } from './tasks/task-decisions.resolver.js';
import { PeopleResolver } from './people/people.resolver.js';
import { TaskAssignmentResolver } from './tasks/task-assignment.resolver.js';
import { TaskPriorityResolver } from './tasks/task-priority.resolver.js';
import { TaskClaimedObject, TaskClosedObject, VersionConflictObject } from './tasks/task.payloads.js';
import { AgreementResolver } from './tasks/agreement.resolver.js';
import { ApprovalLinkResolver } from './tasks/approval-link.resolver.js';
import { ProvenanceResolver } from './tasks/provenance.resolver.js';
import { TaskResolver } from './tasks/task.resolver.js';
import { TeamResolver } from './team/team.resolver.js';
import { MigrationResolver } from './workflows/migration.resolver.js';
import { CalendarResolver, WorkflowCalendarResolver } from './workflows/calendar.resolver.js';
import { RunGraphResolver, WorkflowResolver } from './workflows/workflow.resolver.js';

export const RESOLVERS = [
  ...[
    ViewerResolver,
    RunResolver,
    RunConnectionResolver,
    RunFieldsResolver,
    StepErrorResolver,
    MigrationResolver,
    RunForkResolver,
    CheckpointResolver,
    RunRetryResolver,
    RunSignalsResolver,
    DeadLetterResolver,
    DeadLetterConnectionResolver,
    SessionResolver,
    EventResolver,
    DeliveryResolver,
    AgreementResolver,
    TaskResolver,
    TaskContentResolver,
    TaskReviewsResolver,
    InboxViewResolver,
    TaskClaimsResolver,
    TaskPermissionResolver,
    TaskDecisionsResolver,
    TaskAssignmentResolver,
    TaskCommentResolver,
    TaskPriorityResolver,
    TaskBulkResolver,
    ProvenanceResolver,
    TeamResolver,
    PeopleResolver,
    NotificationResolver,
    ApprovalLinkResolver,
  ],
  ...[
    EmitterResolver,
    EmitterRunResolver,
    ScheduleResolver,
    WorkflowResolver,
    CalendarResolver,
    WorkflowCalendarResolver,
    RunGraphResolver,
    ChangeResolver,
    ApiKeyResolver,
  ],
];

/** Types that no field names: they come as one of an interface. */
export const ORPHANED_TYPES = [GeneralErrorObject, FieldErrorObject, VersionConflictObject, TaskClosedObject, TaskClaimedObject];
