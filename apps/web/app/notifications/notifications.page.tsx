import { Skeleton } from '@mantine/core';
import { IconBellOff } from '@tabler/icons-react';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { AddressForm } from './address-form.js';
import { NotificationSettingsQuery } from './notifications.query.js';
import { SettingsForm } from './settings-form.js';
import { Undelivered } from './undelivered.js';
import classes from './notifications.module.css';

const NOTHING = {};

/** How one is told of tasks when one does not look into the inbox. */
export function NotificationsPage() {
  useDocumentTitle('Notifications');
  const { data, error, refresh } = useKeptQuery(NotificationSettingsQuery, NOTHING);
  const settings = data?.notificationSettings;

  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Notifications</h1>
      {error && settings ? <FailureNote error={error} onRetry={refresh} /> : null}
      {settings ? (
        settings.available.length === 0 ? (
          <EmptyState icon={<IconBellOff size={32} stroke={1.4} />} title="This installation sends no messages">
            Whoever runs it turns them on with the settings STEPWELL_SMTP_URL and STEPWELL_MAIL_FROM, or STEPWELL_WEBHOOK_URL.
          </EmptyState>
        ) : (
          <>
            {settings.available.includes('mail') ? <AddressForm settings={settings} onChanged={refresh} /> : null}
            <SettingsForm settings={settings} onChanged={refresh} />
            <Undelivered settings={settings} onChanged={refresh} />
          </>
        )
      ) : error ? (
        <FailureState error={error} onRetry={refresh} />
      ) : (
        <Skeleton height={320} radius="md" role="status" aria-label="Loading your settings" />
      )}
    </div>
  );
}
