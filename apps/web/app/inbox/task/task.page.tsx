import { Skeleton } from '@mantine/core';
import { IconFileOff } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useRecent } from '../../actions/palette/use-recent.js';
import { useKeptQuery } from '../../connection/use-kept-query.js';
import { useLiveRefresh } from '../../connection/use-live-refresh.js';
import { EmptyState } from '../../feedback/empty-state.js';
import { FailureNote } from '../../feedback/failure-note.js';
import { FailureState } from '../../feedback/failure-state.js';
import { useDocumentTitle } from '../../shell/use-document-title.js';
import { InboxChanged } from '../inbox.query.js';
import { useLapse } from './hold/use-lapse.js';
import { TaskQuery } from './task.query.js';
import { TaskView } from './task-view.js';
import classes from './task.module.css';

const route = getRouteApi('/inbox/$taskId');
const NOTHING = {};

export function TaskPage() {
  const { taskId } = route.useParams();
  const { data, error, isFetching, refresh } = useKeptQuery(TaskQuery, { id: taskId });
  useLiveRefresh(InboxChanged, NOTHING, refresh);
  // While the next task is on its way the answer may still be the one before.
  const task = data?.task?.id === taskId ? data.task : undefined;
  useLapse(task?.isMine ? null : (task?.claimedUntil ?? null), refresh);
  useDocumentTitle(task?.subject ?? 'Task');
  useRecent('Task', task?.subject);

  if (task) {
    return (
      <>
        {/* On a wide screen the list beside it says so. */}
        {error ? (
          <div className={classes.narrowOnly}>
            <FailureNote error={error} onRetry={refresh} />
          </div>
        ) : null}
        <TaskView key={task.id} task={task} onSaid={refresh} />
      </>
    );
  }
  if (error) return <FailureState error={error} onRetry={refresh} />;
  if (isFetching || data?.task) return <LoadingTask />;
  return (
    <EmptyState icon={<IconFileOff size={32} stroke={1.4} />} title="There is no such task">
      The address may be wrong, or the task was removed with its run.
    </EmptyState>
  );
}

function LoadingTask() {
  return (
    <div className={classes.view} role="status" aria-label="Loading the task">
      <div className={classes.header}>
        <Skeleton height={22} width="55%" />
        <Skeleton height={12} width="70%" mt={10} />
      </div>
      <div className={classes.body}>
        <Skeleton height={260} radius="md" />
        <Skeleton height={260} radius="md" />
      </div>
    </div>
  );
}
