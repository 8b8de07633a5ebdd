/** Whether a person may decide a task, for pages: they tell before anything was tried. */
import { Inject, Injectable } from '@nestjs/common';
import { type Actor, isDecidable } from '@stepwell/contracts';
import { PG_POOL, pgSql, readTasks, type Sql, tasksForOthers } from '@stepwell/storage';
import pg from 'pg';
import { ScreenProvider } from './screen-provider.port.js';
import type { TaskRefusal } from './task-refusal.js';
import { WhoMay } from './transitions/who-may.js';

@Injectable()
export class TaskPermissions {
  private readonly sql: Sql;
  private readonly whoMay: WhoMay;

  constructor(@Inject(PG_POOL) pool: pg.Pool, screens: ScreenProvider) {
    this.sql = pgSql(pool);
    this.whoMay = new WhoMay(this.sql, screens);
  }

  /** @returns why the actor may not decide it, or `undefined`: he may, or there is nothing to decide (any more) */
  async refusal(tenant: string, id: string, actor: Actor): Promise<TaskRefusal | undefined> {
    const [task] = await readTasks(this.sql, tenant, [id]);
    if (!task || !isDecidable(task.status)) return undefined;
    return (await this.whoMay.byRows(tenant, task, actor)) ?? (await this.whoMay.byAuthor(tenant, task, actor));
  }

  /** @returns those of the tasks that the rows keep from the actor; no author is asked */
  forOthers(tenant: string, ids: readonly string[], actor: Actor): Promise<ReadonlySet<string>> {
    return tasksForOthers(this.sql, tenant, ids, actor.id);
  }
}
