/** What people do with tasks, and how it goes. They take the connections of the pages. */
import type { Provider } from '@nestjs/common';
import { ChangeFeed, Clock, WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import { PG_POOL, pgSql } from '@stepwell/storage';
import {
  InboxViews,
  Provenance,
  ScreenProvider,
  sealKeys,
  TaskAssignments,
  TaskBulk,
  TaskClaims,
  TaskComments,
  TaskPermissions,
  TaskPriorities,
  TaskService,
  TeamReports,
} from '@stepwell/tasks';
import type pg from 'pg';
import { GraphColumnProvider } from './hosting/graph-column-provider.js';
import { RUNTIME_OPTIONS, type RuntimeOptions } from './runtime-options.js';

export const TASK_PROVIDERS: readonly Provider[] = [
  {
    provide: TaskService,
    inject: [PG_POOL, ScreenProvider, WakeUpQueue, ChangeFeed],
    useFactory: (pool: pg.Pool, screens: ScreenProvider, wakeUps: WakeUpQueue, changes: ChangeFeed) =>
      new TaskService(pool, screens, wakeUps, changes),
  },
  {
    provide: TaskClaims,
    inject: [PG_POOL, ScreenProvider, ChangeFeed],
    useFactory: (pool: pg.Pool, screens: ScreenProvider, changes: ChangeFeed) => new TaskClaims(pool, screens, changes),
  },
  {
    provide: TaskAssignments,
    inject: [PG_POOL, ScreenProvider, ChangeFeed],
    useFactory: (pool: pg.Pool, screens: ScreenProvider, changes: ChangeFeed) => new TaskAssignments(pool, screens, changes),
  },
  {
    provide: TaskComments,
    inject: [PG_POOL, ChangeFeed],
    useFactory: (pool: pg.Pool, changes: ChangeFeed) => new TaskComments(pool, changes),
  },
  {
    provide: Provenance,
    inject: [PG_POOL, RUNTIME_OPTIONS],
    useFactory: (pool: pg.Pool, { provenanceKey }: RuntimeOptions) => new Provenance(pgSql(pool), sealKeys(provenanceKey)),
  },
  {
    provide: TaskPriorities,
    inject: [PG_POOL, ScreenProvider, ChangeFeed],
    useFactory: (pool: pg.Pool, screens: ScreenProvider, changes: ChangeFeed) => new TaskPriorities(pool, screens, changes),
  },
  {
    provide: TaskBulk,
    inject: [PG_POOL, ScreenProvider, TaskService],
    useFactory: (pool: pg.Pool, screens: ScreenProvider, tasks: TaskService) => new TaskBulk(pool, screens, tasks),
  },
  {
    provide: TaskPermissions,
    inject: [PG_POOL, ScreenProvider],
    useFactory: (pool: pg.Pool, screens: ScreenProvider) => new TaskPermissions(pool, screens),
  },
  {
    provide: InboxViews,
    inject: [PG_POOL, WorkflowCatalog],
    useFactory: (pool: pg.Pool, catalog: WorkflowCatalog) => new InboxViews(pool, new GraphColumnProvider(catalog)),
  },
  {
    provide: TeamReports,
    inject: [PG_POOL, WorkflowCatalog, Clock],
    useFactory: (pool: pg.Pool, catalog: WorkflowCatalog, clock: Clock) => new TeamReports(pool, catalog, clock),
  },
];
