import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { NotificationPreferences } from '@stepwell/notifications';
import { withErrors } from '../errors/with-errors.js';
import { CurrentViewer } from '../wire/graphql-context.js';
import { NotificationSettingsInput, NotificationSettingsObject, NotificationSettingsPayload } from './notification.object.js';

/** How the viewer is told of tasks: each for themselves, and nobody for a machine. */
@Resolver(() => NotificationSettingsObject)
@Policy('reviewer')
export class NotificationResolver {
  constructor(private readonly preferences: NotificationPreferences) {}

  @Query(() => NotificationSettingsObject)
  notificationSettings(@CurrentViewer() viewer: Viewer): Promise<NotificationSettingsObject> {
    return this.preferences.of(viewer);
  }

  @Mutation(() => NotificationSettingsPayload)
  saveNotificationSettings(
    @CurrentViewer() viewer: Viewer,
    @Args('settings', { type: () => NotificationSettingsInput })
    { quietFrom = null, quietUntil = null, ...settings }: NotificationSettingsInput,
  ): Promise<NotificationSettingsPayload> {
    return payload(() => this.preferences.save(viewer, { ...settings, quietFrom, quietUntil }));
  }

  @Mutation(() => NotificationSettingsPayload, {
    description: 'Sends a link to the address; nothing else goes there until confirmNotificationAddress. Without an address there is none.',
  })
  setNotificationAddress(
    @CurrentViewer() viewer: Viewer,
    @Args('address', { type: () => String, nullable: true }) address: string | null | undefined,
  ): Promise<NotificationSettingsPayload> {
    return payload(() => this.preferences.setAddress(viewer, address ?? null));
  }

  @Mutation(() => NotificationSettingsPayload)
  confirmNotificationAddress(
    @CurrentViewer() viewer: Viewer,
    @Args('token', { type: () => String, description: 'Of the link that was sent to it.' }) token: string,
  ): Promise<NotificationSettingsPayload> {
    return payload(() => this.preferences.confirmAddress(viewer, token));
  }

  @Mutation(() => NotificationSettingsPayload, { description: 'Sends once more what was given up.' })
  retryNotification(@CurrentViewer() viewer: Viewer, @Args('id', { type: () => ID }) id: string): Promise<NotificationSettingsPayload> {
    return payload(() => this.preferences.retry(viewer, id));
  }
}

function payload(work: () => Promise<NotificationSettingsObject>): Promise<NotificationSettingsPayload> {
  return withErrors<{ settings: NotificationSettingsObject | null }>({ settings: null }, async () => ({ settings: await work() }));
}
