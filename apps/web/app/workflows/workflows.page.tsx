import { Skeleton } from '@mantine/core';
import { IconBinaryTree2 } from '@tabler/icons-react';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { RunsChanged } from '../runs/runs.query.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { ParkedNotes } from './parked-notes.js';
import { WorkflowRow } from './workflow-row.js';
import { WorkflowListQuery } from './workflows.query.js';
import classes from './workflows.module.css';

const NOTHING = {};

export function WorkflowsPage() {
  useDocumentTitle('Workflows');
  const { data, error, refresh } = useKeptQuery(WorkflowListQuery, NOTHING);
  useLiveRefresh(RunsChanged, NOTHING, refresh, { gapMs: 3_000 });

  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Workflows</h1>
      {error && data ? <FailureNote error={error} onRetry={refresh} /> : null}
      <ParkedNotes parked={data?.parkedVersions ?? []} />
      {data ? (
        data.workflows.length === 0 ? (
          <EmptyState icon={<IconBinaryTree2 size={32} stroke={1.4} />} title="No workflow is hosted here">
            A workflow appears here when its folder is in workflows/ and the server has been started anew.
          </EmptyState>
        ) : (
          <ul className={`panel ${classes.rows}`} aria-label="Workflows">
            {data.workflows.map((workflow) => (
              <WorkflowRow key={workflow.name} workflow={workflow} all={data.workflows} />
            ))}
          </ul>
        )
      ) : error ? (
        <FailureState error={error} onRetry={refresh} />
      ) : (
        <Skeleton height={220} radius="md" role="status" aria-label="Loading the workflows" />
      )}
    </div>
  );
}
