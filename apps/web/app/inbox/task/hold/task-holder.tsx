import { IconUser } from '@tabler/icons-react';
import { formatInstantFully, formatTime } from '../../../time/format-instant.js';
import { RelativeTime } from '../../../time/relative-time.js';
import type { TaskState } from '../task.query.js';
import classes from '../task.module.css';

/** Who works on the task now, and until when nobody else can. */
export function TaskHolder({ task: { claimedBy, claimedUntil, isMine } }: { readonly task: TaskState }) {
  if (!claimedBy || !claimedUntil) return null;
  return (
    <span className={classes.holder} data-mine={isMine || undefined} title={`Until ${formatInstantFully(claimedUntil)}`}>
      <IconUser size={13} stroke={2} aria-hidden="true" />
      {isMine ? 'Claimed by you' : `Claimed by ${claimedBy.name}`} until {formatTime(claimedUntil)}
      {isMine ? null : (
        <span>
          {' '}
          (free <RelativeTime at={claimedUntil} />)
        </span>
      )}
    </span>
  );
}
