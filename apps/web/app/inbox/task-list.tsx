import { Button, Skeleton } from '@mantine/core';
import { IconInbox, IconInboxOff } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Connection } from '../connection/use-connection.js';
import type { Selecting } from './bulk/use-selection.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { useWorkflows } from '../workflows/use-workflows.js';
import { changed, isFiltered, type InboxFilter } from './inbox-filter.js';
import type { TaskRow } from './inbox.query.js';
import { TaskListRow } from './task-list-row.js';
import classes from './task-list.module.css';

interface TaskListProps {
  readonly list: Connection<TaskRow>;
  readonly taskId: string | undefined;
  readonly filter: InboxFilter;
  readonly selecting: Selecting;
}

export function TaskList({ list, taskId, filter, selecting }: TaskListProps) {
  const { nodes, error, isLoading, hasMore, isLoadingMore, loadMore, refresh } = list;
  const scroll = useRef<HTMLDivElement>(null);
  const isListed = nodes.some(({ id }) => id === taskId);
  // Who comes by a link sees where in the list the task stands.
  useEffect(() => {
    if (!isListed || taskId === undefined) return;
    scroll.current?.querySelector(`[data-task="${CSS.escape(taskId)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [isListed, taskId]);
  if (nodes.length === 0) {
    if (error) return <FailureState error={error} onRetry={refresh} />;
    return isLoading ? <LoadingRows /> : <NoTasks filter={filter} />;
  }
  // One row takes part in the Tab order; j, k and the arrows move among the rest.
  const tabStop = isListed ? taskId : nodes[0]?.id;
  return (
    <div className={classes.scroll} ref={scroll} aria-busy={isLoading}>
      {error ? <FailureNote error={error} onRetry={refresh} /> : null}
      <ul className={classes.rows} data-stale={isLoading || undefined}>
        {nodes.map((row) => (
          <TaskListRow
            key={row.id}
            row={row}
            isChosen={row.id === taskId}
            isTabStop={row.id === tabStop}
            isSelected={selecting.has(row.id)}
            onSelect={selecting.toggle}
          />
        ))}
      </ul>
      {hasMore ? (
        <Button variant="subtle" size="xs" fullWidth my="xs" loading={isLoadingMore} onClick={loadMore}>
          Load more
        </Button>
      ) : null}
    </div>
  );
}

function NoTasks({ filter }: { readonly filter: InboxFilter }) {
  const navigate = useNavigate({ from: '/inbox' });
  const workflows = useWorkflows();
  const { workflow } = filter;
  if (workflow !== undefined && workflows.length > 0 && workflows.every(({ name }) => name !== workflow)) {
    return (
      <EmptyState icon={<IconInboxOff size={32} stroke={1.4} />} title={`There is no workflow “${workflow}”`}>
        The address names one that this server does not host, and no task is left of it.
        <Button
          variant="default"
          size="xs"
          mt="sm"
          display="block"
          mx="auto"
          onClick={() => void navigate({ search: changed(filter, { workflow: undefined, columns: undefined }) })}
        >
          Show all workflows
        </Button>
      </EmptyState>
    );
  }
  return isFiltered(filter) ? (
    <EmptyState icon={<IconInboxOff size={32} stroke={1.4} />} title="No task fits this filter">
      “Everything that waits”, among the views, shows the others.
    </EmptyState>
  ) : (
    <EmptyState icon={<IconInbox size={32} stroke={1.4} />} title="Nothing waits for you">
      New tasks appear here by themselves.
    </EmptyState>
  );
}

function LoadingRows() {
  return (
    <div className={classes.scroll} role="status" aria-label="Loading tasks">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className={classes.loading}>
          <Skeleton height={12} width={`${80 - (index % 3) * 12}%`} />
          <Skeleton height={10} width="45%" mt={8} />
        </div>
      ))}
    </div>
  );
}
