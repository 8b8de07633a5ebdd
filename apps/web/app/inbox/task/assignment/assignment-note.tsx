import { IconCalendarEvent, IconUserCheck } from '@tabler/icons-react';
import { RelativeTime } from '../../../time/relative-time.js';
import type { TaskDetails } from '../task.query.js';
import classes from '../task.module.css';

/** Whose the task is, and when it should be looked at again. */
export function AssignmentNote({ task }: { readonly task: TaskDetails }) {
  const whom = whose(task);
  return (
    <>
      {whom === undefined ? null : (
        <span className={classes.holder}>
          <IconUserCheck size={13} stroke={2} aria-hidden="true" /> {whom}
        </span>
      )}
      {task.followUpAt ? (
        <span className={classes.holder}>
          <IconCalendarEvent size={13} stroke={2} aria-hidden="true" /> Follow up <RelativeTime at={task.followUpAt} />
        </span>
      ) : null}
    </>
  );
}

function whose({ assignee, assignedFor, candidateUsers, candidateGroups }: TaskDetails): string | undefined {
  if (assignee !== null) return assignedFor === null ? `Assigned to ${assignee}` : `Assigned to ${assignee}, for ${assignedFor}`;
  const candidates = [...candidateGroups, ...candidateUsers];
  return candidates.length > 0 ? `For ${candidates.join(', ')}` : undefined;
}
