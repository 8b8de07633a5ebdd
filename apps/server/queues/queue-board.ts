/**
 * bull-board over the queues of Redis, made when somebody first looks: it and BullMQ take memory that a server without curious admins need
 * not have. It only shows: the adapters are read only, and the controller passes reads on and nothing else.
 */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { WakeUpQueue } from '@stepwell/engine';
import { RUNTIME_OPTIONS, type RuntimeOptions } from '@stepwell/runtime';
import { type BoardQueues, boardQueues } from '@stepwell/wakeups';
import express, { type Express } from 'express';
import { QUEUE_BOARD_PATH } from './queue-board-path.js';
import { plainPage } from './plain-page.js';

const TITLE = 'Queues';
const NOT_USED =
  'Wake-ups go by PostgreSQL here, so there are no queues in Redis to show. What waits is on the pages of the runs and workflows. ' +
  'To have hints go by BullMQ on Redis, set <code>STEPWELL_QUEUE=redis</code> and <code>REDIS_URL</code>.';
const AWAY =
  'Redis is away. Nothing is lost by that: what there is to do is in PostgreSQL, and workers ask it every few seconds until Redis is back. ' +
  'Load this page again then.';
const DESCRIPTION = 'Hints that there is work, and no jobs: what there is to do is in PostgreSQL.';

interface Board {
  readonly app: Express;
  readonly opened: BoardQueues;
}

@Injectable()
export class QueueBoard implements OnApplicationShutdown {
  private board: Promise<Board> | undefined;

  constructor(
    @Inject(RUNTIME_OPTIONS) private readonly options: RuntimeOptions,
    private readonly wakeUps: WakeUpQueue,
  ) {}

  /** @returns what answers a read below its path, or a page that says why there is nothing to show */
  async show(): Promise<Express | { readonly status: number; readonly page: string }> {
    const { redisUrl } = this.options;
    if (redisUrl === undefined) return { status: 200, page: plainPage(TITLE, NOT_USED) };
    if (this.wakeUps.carrier.isAway) return { status: 503, page: plainPage(TITLE, AWAY) };
    this.board ??= this.make(redisUrl);
    try {
      return (await this.board).app;
    } catch {
      // The next look tries again.
      this.board = undefined;
      return { status: 503, page: plainPage(TITLE, AWAY) };
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.board?.then(
      ({ opened }) => opened.close(),
      () => undefined,
    );
  }

  private async make(redisUrl: string): Promise<Board> {
    const [{ createBullBoard }, { BullMQAdapter }, { ExpressAdapter }] = await Promise.all([
      import('@bull-board/api'),
      import('@bull-board/api/bullMQAdapter'),
      import('@bull-board/express'),
    ]);
    const opened = await boardQueues(redisUrl, [...this.options.queues, 'events']);
    const serverAdapter = new ExpressAdapter();
    serverAdapter.setBasePath(QUEUE_BOARD_PATH);
    createBullBoard({
      queues: opened.queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true, description: DESCRIPTION })),
      serverAdapter,
      options: { uiConfig: { boardTitle: 'Stepwell queues' } },
    });
    const app = express();
    app.disable('x-powered-by');
    app.use(QUEUE_BOARD_PATH, serverAdapter.getRouter() as Express);
    return { app, opened };
  }
}
