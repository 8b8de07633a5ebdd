import { Anchor, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { shortId } from '../../runs/short-id.js';
import type { MigratedRun } from './migration.mutations.js';
import classes from '../workflow.module.css';

/** What a migration would do to each run, or has done. */
export function MigratedRuns({ runs }: { readonly runs: readonly MigratedRun[] }) {
  if (runs.length === 0) return <p className={classes.soft}>No run of it waits.</p>;
  return (
    <Table fz="sm" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Run</Table.Th>
          <Table.Th>Outcome</Table.Th>
          <Table.Th>Stands then at</Table.Th>
          <Table.Th>Loses</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {runs.map((run) => (
          <Table.Tr key={run.runId}>
            <Table.Td>
              <Anchor size="sm" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId: run.runId }} {...props} />}>
                {shortId(run.runId)}
              </Anchor>
            </Table.Td>
            <Table.Td>{run.problems.length > 0 ? `${run.outcome}: ${run.problems.join('; ')}` : run.outcome}</Table.Td>
            <Table.Td>{run.stands.join(', ')}</Table.Td>
            <Table.Td>{lossOf(run)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function lossOf({ lost, closes }: MigratedRun): string {
  const outputs = lost.map((path) => `the output of ${path}`);
  return [...outputs, ...(closes > 0 ? [`${closes} open ${closes === 1 ? 'task or wait' : 'tasks or waits'}`] : [])].join(', ');
}
