import { Skeleton, Text } from '@mantine/core';
import { useQuery } from 'urql';
import { FailureState } from '../feedback/failure-state.js';
import type { DrawnGraph } from '../graph/graph.fragment.js';
import { GraphView } from '../graph/graph-view.js';
import { VersionGraphsQuery, type WorkflowDetails } from './workflow.query.js';
import classes from './workflow.module.css';

interface GraphPanelProps {
  readonly workflow: WorkflowDetails;
  readonly version: number;
  readonly selected: string | undefined;
  readonly onSelect: (graph: DrawnGraph, path: string | undefined) => void;
}

export function GraphPanel(props: GraphPanelProps) {
  const { workflow, version } = props;
  return (
    <section className={`panel ${classes.graph}`} aria-label="Graph">
      {version === workflow.version ? <Drawing {...props} graph={workflow.graph} /> : <OtherVersion {...props} />}
    </section>
  );
}

function OtherVersion(props: GraphPanelProps) {
  const [{ data, error, fetching }] = useQuery({ query: VersionGraphsQuery, variables: { name: props.workflow.name } });
  if (error) return <FailureState error={error} />;
  if (fetching || !data) return <Skeleton height={320} radius="md" role="status" aria-label="Loading the graph" />;
  const found = data.workflow?.versions.find(({ version }) => version === props.version);
  const note = !found
    ? `There is no version ${props.version}.`
    : found.graph
      ? `Version ${props.version}, which this server no longer hosts.`
      : `Version ${props.version} was registered before graphs were kept; there is nothing to draw.`;
  return (
    <>
      <Text size="xs" c="dimmed" px="md" pt="sm" role="status">
        {note}
      </Text>
      {found?.graph ? <Drawing {...props} graph={found.graph} /> : null}
    </>
  );
}

function Drawing({ graph, workflow, selected, onSelect }: GraphPanelProps & { readonly graph: DrawnGraph }) {
  return <GraphView graph={graph} label={`Graph of ${workflow.title}`} selected={selected} onSelect={(path) => onSelect(graph, path)} />;
}
