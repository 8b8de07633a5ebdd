// One run, live: what it is and waits for, what happened when, what went in and came out, and what hangs together with it.
import { Skeleton } from '@mantine/core';
import { IconRouteOff } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useRecent } from '../actions/palette/use-recent.js';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { DataPanel } from '../values/data-panel.js';
import { shortId } from '../runs/short-id.js';
import { ReceivedEvents } from './received-events.js';
import { RelatedRuns } from './related-runs.js';
import { RunChanged, RunQuery, type RunDetails } from './run.query.js';
import { RunCheckpoints } from './run-checkpoints.js';
import { RunEvents } from './run-events.js';
import { RunFailure } from './run-failure.js';
import { RunGraph } from './run-graph.js';
import { RunHeader } from './run-header.js';
import { RunIncidents } from './run-incidents.js';
import { RunInterventions } from './run-interventions.js';
import { RunJournal } from './run-journal.js';
import { RunLineage } from './run-lineage.js';
import { RunStops } from './run-stops.js';
import { RunTasks } from './run-tasks.js';
import { Timeline } from './timeline/timeline.js';
import classes from './run.module.css';

const route = getRouteApi('/runs/$runId');

export function RunPage() {
  const { runId } = route.useParams();
  const { node } = route.useSearch();
  const { data, error, isFetching, refresh } = useKeptQuery(RunQuery, { id: runId });
  const run = data?.run?.id === runId ? data.run : undefined;
  // An ended run still changes around it: its events are delivered, follow-up runs begin.
  useLiveRefresh(
    RunChanged,
    useMemo(() => ({ id: runId }), [runId]),
    refresh,
  );
  const title = run ? `${run.title} ${shortId(run.id)}` : undefined;
  useDocumentTitle(title ?? 'Run');
  useRecent('Run', title);

  if (run) {
    return (
      <div className={classes.page}>
        {error ? <FailureNote error={error} onRetry={refresh} /> : null}
        <Run key={run.id} run={run} node={node} onChanged={refresh} />
      </div>
    );
  }
  if (error) return <FailureState error={error} onRetry={refresh} />;
  if (isFetching || data?.run) return <LoadingRun />;
  return (
    <EmptyState icon={<IconRouteOff size={32} stroke={1.4} />} title="There is no such run">
      The address may be wrong, or the run was removed after its time of keeping.
    </EmptyState>
  );
}

interface RunProps {
  readonly run: RunDetails;
  /** The node that is shown open. */
  readonly node: string | undefined;
  readonly onChanged: () => void;
}

function Run({ run, node, onChanged }: RunProps) {
  const { related, tasks, events, deliveries, interventions } = run;
  const hasCompany = [related, tasks, events, deliveries, interventions].some(({ length }) => length > 0) || run.lineage.length > 1;
  return (
    <>
      <RunHeader run={run} onChanged={onChanged} />
      <RunIncidents run={run} onChanged={onChanged} />
      <RunStops run={run} />
      <RunFailure run={run} />
      <div className={classes.columns} data-alone={hasCompany ? undefined : true}>
        <div className={classes.main}>
          <Timeline run={run} node={node} />
          <RunGraph run={run} node={node} />
          <div className={classes.values}>
            <div className={`panel ${classes.box}`}>
              <DataPanel title="Input" label="input" value={run.input} />
            </div>
            {run.output === null ? null : (
              <div className={`panel ${classes.box}`}>
                <DataPanel title="Output" label="output" value={run.output} />
              </div>
            )}
          </div>
          <RunCheckpoints runId={run.id} />
          <RunJournal runId={run.id} />
        </div>
        {hasCompany ? (
          <aside className={classes.side} aria-label="What hangs together with this run">
            <RunInterventions run={run} />
            <RunLineage run={run} />
            <RelatedRuns related={run.related} />
            <RunTasks tasks={run.tasks} />
            <ReceivedEvents deliveries={run.deliveries} />
            <RunEvents events={run.events} />
          </aside>
        ) : null}
      </div>
    </>
  );
}

function LoadingRun() {
  return (
    <div className={classes.page} role="status" aria-label="Loading the run">
      <Skeleton height={24} width={280} mb={10} />
      <Skeleton height={14} width={420} maw="100%" mb={22} />
      <div className={classes.columns}>
        <Skeleton height={320} radius="md" />
        <Skeleton height={320} radius="md" />
      </div>
    </div>
  );
}
