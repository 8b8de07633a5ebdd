// One workflow: its graph, what starts it, what it takes, its versions and its latest runs.
import { Skeleton } from '@mantine/core';
import { IconRouteOff } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useRecent } from '../actions/palette/use-recent.js';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import type { DrawnGraph } from '../graph/graph.fragment.js';
import { RunsChanged } from '../runs/runs.query.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { ParkedNotes } from '../workflows/parked-notes.js';
import { startedBy } from '../workflows/started-by.js';
import { GraphPanel } from './graph-panel.js';
import { InputFields } from './input-fields.js';
import { LatestRuns } from './latest-runs.js';
import { Migrations } from './migration/migrations.js';
import { NodeFacts } from './node-facts.js';
import { Starts } from './starts.js';
import { Versions } from './versions.js';
import { WorkflowHeader } from './workflow-header.js';
import { WorkflowQuery, type WorkflowDetails, type WorkflowNeighbour } from './workflow.query.js';
import classes from './workflow.module.css';

const route = getRouteApi('/workflows/$name');
const NOTHING = {};

export function WorkflowPage() {
  const { name } = route.useParams();
  const { data, error, isFetching, refresh } = useKeptQuery(WorkflowQuery, { name });
  const workflow = data?.workflow?.name === name ? data.workflow : undefined;
  useLiveRefresh(RunsChanged, NOTHING, refresh, { gapMs: 3_000 });
  useDocumentTitle(workflow?.title ?? 'Workflow');
  useRecent('Workflow', workflow?.title);

  if (workflow) {
    return (
      <div className={classes.page}>
        {error ? <FailureNote error={error} onRetry={refresh} /> : null}
        <Workflow key={workflow.name} workflow={workflow} all={data?.workflows ?? []} />
      </div>
    );
  }
  if (error) return <FailureState error={error} onRetry={refresh} />;
  if (isFetching || data?.workflow) return <LoadingWorkflow />;
  return (
    <EmptyState icon={<IconRouteOff size={32} stroke={1.4} />} title="No such workflow is hosted here">
      The address may be wrong, or its folder is no longer in workflows/.
    </EmptyState>
  );
}

function Workflow({ workflow, all }: { readonly workflow: WorkflowDetails; readonly all: readonly WorkflowNeighbour[] }) {
  const { version = workflow.version } = route.useSearch();
  const [chosen, setChosen] = useState<{ readonly graph: DrawnGraph; readonly path: string }>();
  const node = chosen?.graph.nodes.find(({ path }) => path === chosen.path);
  return (
    <>
      <WorkflowHeader workflow={workflow} />
      <ParkedNotes parked={workflow.parked} />
      <div className={classes.columns}>
        <div className={classes.main}>
          <GraphPanel
            key={version}
            workflow={workflow}
            version={version}
            selected={chosen?.path}
            onSelect={(graph, path) => setChosen(path === undefined ? undefined : { graph, path })}
          />
          <Migrations workflow={workflow} />
        </div>
        <aside className={classes.side} aria-label="About this workflow">
          {node ? <NodeFacts node={node} /> : null}
          <Starts workflow={workflow} from={startedBy(workflow.name, all)} />
          <InputFields schema={workflow.inputSchema} />
          <LatestRuns workflow={workflow} />
          <Versions workflow={workflow} shown={version} />
        </aside>
      </div>
    </>
  );
}

function LoadingWorkflow() {
  return (
    <div className={classes.page} role="status" aria-label="Loading the workflow">
      <Skeleton height={24} width={280} mb={10} />
      <Skeleton height={14} width={420} maw="100%" mb={22} />
      <div className={classes.columns}>
        <Skeleton height={420} radius="md" />
        <Skeleton height={320} radius="md" />
      </div>
    </div>
  );
}
