import { IconUser } from '@tabler/icons-react';
import { RelativeTime } from '../../time/relative-time.js';
import type { TaskState } from './task.query.js';
import classes from './task.module.css';

/** Who works on the task now, and until when nobody else can. */
export function TaskHolder({ task }: { readonly task: TaskState }) {
  if (!task.claimedBy) return null;
  return (
    <span className={classes.holder} data-mine={task.isMine || undefined}>
      <IconUser size={13} stroke={2} aria-hidden="true" />
      {task.isMine ? 'Claimed by you' : `Claimed by ${task.claimedBy.name}`}
      {!task.isMine && task.claimedUntil ? (
        <span>
          {' '}
          (free <RelativeTime at={task.claimedUntil} />)
        </span>
      ) : null}
    </span>
  );
}
