/** What people do with tasks: the services, and what they need to know of the hosted workflows. */
import type { Provider } from '@nestjs/common';
import { ChangeFeed, WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import { PG_POOL } from '@stepwell/storage';
import { InboxViews, ScreenProvider, TaskAssignments, TaskClaims, TaskService } from '@stepwell/tasks';
import type pg from 'pg';
import { GraphColumnProvider } from './graph-column-provider.js';

export const TASK_PROVIDERS: readonly Provider[] = [
  {
    provide: TaskService,
    inject: [PG_POOL, ScreenProvider, WakeUpQueue, ChangeFeed],
    useFactory: (pool: pg.Pool, screens: ScreenProvider, wakeUps: WakeUpQueue, changes: ChangeFeed) =>
      new TaskService(pool, screens, wakeUps, changes),
  },
  {
    provide: TaskClaims,
    inject: [PG_POOL, ChangeFeed],
    useFactory: (pool: pg.Pool, changes: ChangeFeed) => new TaskClaims(pool, changes),
  },
  {
    provide: TaskAssignments,
    inject: [PG_POOL, ChangeFeed],
    useFactory: (pool: pg.Pool, changes: ChangeFeed) => new TaskAssignments(pool, changes),
  },
  {
    provide: InboxViews,
    inject: [PG_POOL, WorkflowCatalog],
    useFactory: (pool: pg.Pool, catalog: WorkflowCatalog) => new InboxViews(pool, new GraphColumnProvider(catalog)),
  },
];
