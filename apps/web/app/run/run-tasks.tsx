import { Link } from '@tanstack/react-router';
import { StatusBadge } from '../status/status-badge.js';
import { isDecidable } from '../status/status-tone.js';
import { RelativeTime } from '../time/relative-time.js';
import { DueTime } from '../inbox/due-time.js';
import type { RunDetails } from './run.query.js';
import { SideBox } from './side-box.js';
import classes from './side-box.module.css';

export function RunTasks({ tasks }: { readonly tasks: RunDetails['tasks'] }) {
  return (
    <SideBox title="Tasks" count={tasks.length}>
      {tasks.map((task) => (
        <li key={task.id}>
          <Link to="/inbox/$taskId" params={{ taskId: task.id }} className={classes.row}>
            <span className={classes.main}>
              <span className="ellipsis">{task.title}</span>
              <span className={classes.soft}>
                {task.decidedBy ? (
                  <>decided by {task.decidedBy.name} </>
                ) : task.claimedBy ? (
                  <>claimed by {task.claimedBy.name} </>
                ) : (
                  <>opened </>
                )}
                <RelativeTime at={task.endedAt ?? task.openedAt} />
                {isDecidable(task.status) && task.dueAt ? (
                  <>
                    {', '}
                    <DueTime at={task.dueAt} />
                  </>
                ) : null}
              </span>
            </span>
            <StatusBadge status={task.status} />
          </Link>
        </li>
      ))}
    </SideBox>
  );
}
