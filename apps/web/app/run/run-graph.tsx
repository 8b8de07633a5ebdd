import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { GraphView } from '../graph/graph-view.js';
import { graphStates } from './graph-states.js';
import { RunGraphQuery, type RunDetails } from './run.query.js';
import classes from './run.module.css';

/** The graph of the run's own version, each node as it stands; a chosen one is opened in the timeline. */
export function RunGraph({ run, node }: { readonly run: RunDetails; readonly node: string | undefined }) {
  const navigate = useNavigate({ from: '/runs/$runId' });
  const [{ data }] = useQuery({ query: RunGraphQuery, variables: { id: run.id } });
  const stateOf = useMemo(() => graphStates(run.steps), [run.steps]);
  const graph = data?.run?.graph;
  if (!graph) return null;
  const selected = run.steps.find(({ key }) => key === node)?.path ?? node;
  return (
    <section className={`panel ${classes.graph}`} aria-label="Graph">
      <h2 className={classes.heading}>Graph</h2>
      <GraphView
        graph={graph}
        label={`Graph of ${run.title}, as this run stands`}
        stateOf={stateOf}
        selected={selected}
        onSelect={(path) => void navigate({ search: path === undefined ? {} : { node: path }, replace: true, resetScroll: false })}
      />
    </section>
  );
}
