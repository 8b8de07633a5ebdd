import { Skeleton } from '@mantine/core';
import { IconCalendarOff } from '@tabler/icons-react';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { RunsChanged } from '../runs/runs.query.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { ScheduleCard } from './schedule-card.js';
import { SchedulesQuery } from './schedules.query.js';
import classes from './schedules.module.css';

const NOTHING = {};

export function SchedulesPage() {
  useDocumentTitle('Schedules');
  const { data, error, refresh } = useKeptQuery(SchedulesQuery, NOTHING);
  useLiveRefresh(RunsChanged, NOTHING, refresh, { gapMs: 3_000 });

  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Schedules</h1>
      {error && data ? <FailureNote error={error} onRetry={refresh} /> : null}
      {data ? (
        data.schedules.length === 0 ? (
          <EmptyState icon={<IconCalendarOff size={32} stroke={1.4} />} title="Nothing starts by itself here">
            A schedule appears here when a hosted workflow has one in its code.
          </EmptyState>
        ) : (
          data.schedules.map((schedule) => <ScheduleCard key={schedule.id} schedule={schedule} onChanged={refresh} />)
        )
      ) : error ? (
        <FailureState error={error} onRetry={refresh} />
      ) : (
        <Skeleton height={220} radius="md" role="status" aria-label="Loading the schedules" />
      )}
    </div>
  );
}
