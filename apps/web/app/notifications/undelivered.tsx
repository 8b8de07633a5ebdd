import { Button, Paper } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { RelativeTime } from '../time/relative-time.js';
import { type NotificationSettings, RetryNotification } from './notifications.query.js';
import classes from './notifications.module.css';

interface UndeliveredProps {
  readonly settings: NotificationSettings;
  readonly onChanged: () => void;
}

/** What was given up: why, and once more. Nothing, when there is none. */
export function Undelivered({ settings: { undelivered }, onChanged }: UndeliveredProps) {
  const [{ fetching }, retry] = useMutation(RetryNotification);
  const again = async (id: string) => {
    const { data, error } = await retry({ id });
    const failure = error ? describeFailure(error).message : data?.retryNotification.errors[0]?.message;
    notifications.show(failure === undefined ? { message: 'It is being sent again.' } : { message: failure, color: 'red' });
    onChanged();
  };
  if (undelivered.length === 0) return null;

  return (
    <Paper withBorder radius="md" className={classes.card} component="section" aria-labelledby="undelivered-heading">
      <h2 id="undelivered-heading" className={classes.heading}>
        Could not be delivered
      </h2>
      <ul className={classes.list}>
        {undelivered.map(({ id, channel, error, createdAt }) => (
          <li key={id}>
            <span>
              {channel === 'mail' ? 'E-mail' : 'Webhook'}, <RelativeTime at={createdAt} />
              <span className={classes.soft} style={{ display: 'block' }}>
                {error}
              </span>
            </span>
            <Button size="xs" variant="default" loading={fetching} onClick={() => void again(id)}>
              Try again
            </Button>
          </li>
        ))}
      </ul>
    </Paper>
  );
}
