import { Injectable } from '@nestjs/common';
import type { Viewer } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import { EventService } from '@stepwell/events';
import { RunColumns, RunSessions } from '@stepwell/runtime';
import { ScheduleService } from '@stepwell/scheduling';
import { TaskComments, TaskPermissions, TaskService } from '@stepwell/tasks';
import type { Request } from 'express';
import { columnLoaders } from '../columns/column.loader.js';
import { EmitterReads } from '../emitters/emitter-reads.js';
import { emitterLoaders } from '../emitters/emitter.loader.js';
import { eventLoaders } from '../events/event.loader.js';
import { RunReads } from '../runs/run-reads.js';
import { runLoaders } from '../runs/run.loader.js';
import { scheduleLoaders } from '../schedules/schedule.loader.js';
import { sessionLoaders } from '../sessions/session.loader.js';
import { taskLoaders } from '../tasks/task.loader.js';
import { workflowLoaders } from '../workflows/workflow.loader.js';
import { WorkflowReads } from '../workflows/workflow-reads.js';
import type { GraphqlContext } from './graphql-context.js';
import type { Loaders } from './loaders.js';

/** Makes the context of an operation: who asks, and loaders that read his tenant's rows only. */
@Injectable()
export class ContextFactory {
  constructor(
    private readonly runs: RunReads,
    private readonly emitters: EmitterReads,
    private readonly tasks: TaskService,
    private readonly comments: TaskComments,
    private readonly permissions: TaskPermissions,
    private readonly events: EventService,
    private readonly schedules: ScheduleService,
    private readonly columns: RunColumns,
    private readonly workflows: WorkflowReads,
    private readonly sessions: RunSessions,
  ) {}

  /** @param req the HTTP request; absent on a socket */
  create(viewer: Viewer | undefined, ip: string, req?: Request): GraphqlContext {
    return new OperationContext(viewer, ip, req, (who) => this.loadersOf(who));
  }

  private loadersOf(viewer: Viewer): Loaders {
    const { tenant } = viewer;
    return {
      ...runLoaders(this.runs, tenant),
      ...taskLoaders({ tasks: this.tasks, comments: this.comments, permissions: this.permissions }, viewer),
      ...eventLoaders(this.events, tenant),
      ...emitterLoaders(this.emitters, tenant),
      ...scheduleLoaders(this.schedules, tenant),
      ...columnLoaders(this.columns, tenant),
      ...workflowLoaders(this.workflows, tenant),
      ...sessionLoaders(this.sessions, tenant),
    };
  }
}

/** A class, because Apollo copies the context: a getter of the prototype survives that, and makes the loaders when they are needed. */
class OperationContext implements GraphqlContext {
  private made: Loaders | undefined;

  constructor(
    readonly viewer: Viewer | undefined,
    readonly ip: string,
    readonly req: Request | undefined,
    private readonly make: (viewer: Viewer) => Loaders,
  ) {}

  get loaders(): Loaders {
    // Without a tenant nothing can be read; a policy should have said so before.
    if (!this.viewer) throw new StepwellError('NOT_SIGNED_IN');
    return (this.made ??= this.make(this.viewer));
  }
}
