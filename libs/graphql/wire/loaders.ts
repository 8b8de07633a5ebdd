import type { ColumnLoaders } from '../columns/column.loader.js';
import type { EventLoaders } from '../events/event.loader.js';
import type { EmitterLoaders } from '../emitters/emitter.loader.js';
import type { RunLoaders } from '../runs/run.loader.js';
import type { ScheduleLoaders } from '../schedules/schedule.loader.js';
import type { SessionLoaders } from '../sessions/session.loader.js';
import type { TaskLoaders } from '../tasks/task.loader.js';
import type { WorkflowLoaders } from '../workflows/workflow.loader.js';

/** The data loaders of one operation: what a page shows many times is read once. */
export interface Loaders
  extends RunLoaders, TaskLoaders, EventLoaders, EmitterLoaders, ScheduleLoaders, ColumnLoaders, WorkflowLoaders, SessionLoaders {}
