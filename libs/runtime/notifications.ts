/** Messages to people, by the channels that the installation has. */
import type { Provider } from '@nestjs/common';
import { Clock } from '@stepwell/engine';
import {
  CHANNELS,
  LinkTokens,
  MailChannel,
  type NotificationChannel,
  type NotificationOptions,
  NotificationPreferences,
  Notifier,
  WebhookChannel,
} from '@stepwell/notifications';
import { PG_POOL, pgSql, signingKey } from '@stepwell/storage';
import { ApprovalLinks, ScreenProvider, TaskService } from '@stepwell/tasks';
import type pg from 'pg';
import { ENGINE_POOL } from './connections.js';
import type { RuntimeOptions } from './runtime-options.js';

export function notificationProviders(options: RuntimeOptions): Provider[] {
  return [
    {
      provide: ApprovalLinks,
      inject: [PG_POOL, TaskService, ScreenProvider, Clock],
      useFactory: (pool: pg.Pool, tasks: TaskService, screens: ScreenProvider, clock: Clock) =>
        new ApprovalLinks(pgSql(pool), tasks, screens, clock, options.approvalLinks ?? 'signed-in'),
    },
    {
      provide: Notifier,
      inject: [ENGINE_POOL, Clock, ApprovalLinks],
      useFactory: async (pool: pg.Pool, clock: Clock, links: ApprovalLinks) => {
        const channels = channelsOf(options.notifications);
        return new Notifier({ pool, clock, channels, links, tokens: await linkTokens(options, pool), publicUrl: options.publicUrl });
      },
    },
    {
      provide: NotificationPreferences,
      inject: [PG_POOL, Clock],
      useFactory: async (pool: pg.Pool, clock: Clock) => {
        const available = CHANNELS.filter((name) => options.notifications?.[name] !== undefined);
        return new NotificationPreferences(pgSql(pool), clock, await linkTokens(options, pool), available);
      },
    },
  ];
}

async function linkTokens({ secret }: RuntimeOptions, pool: pg.Pool): Promise<LinkTokens> {
  return new LinkTokens(secret ?? (await signingKey(pgSql(pool))));
}

function channelsOf({ mail, webhook }: NotificationOptions = {}): NotificationChannel[] {
  return [...(mail ? [new MailChannel(mail)] : []), ...(webhook ? [new WebhookChannel(webhook)] : [])];
}
