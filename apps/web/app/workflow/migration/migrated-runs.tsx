import { Anchor, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { shortId } from '../../runs/short-id.js';
import type { MigratedRun } from './migration.mutations.js';
import { lossesOf, reportOf, type Told } from './migration-report.js';
import classes from './migration.module.css';

/** One reads no more of them; the report above is of all. */
const MOST_SHOWN = 50;
const number = new Intl.NumberFormat('en');

/** What a migration would do to the runs, or has done: over all, and of each. */
export function MigratedRuns({ runs }: { readonly runs: readonly MigratedRun[] }) {
  if (runs.length === 0) return <p className={classes.soft}>No run that fits waits.</p>;
  const { counts, problems, losses } = reportOf(runs);
  // What needs a look comes first.
  const shown = [...runs].sort((a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused')).slice(0, MOST_SHOWN);
  return (
    <>
      <p className={classes.counts} role="status">
        {counts.map((count) => `${number.format(count.runs)} ${count.outcome}`).join(', ')}
      </p>
      <Telling title="In the way" told={problems} />
      <Telling title="Lost" told={losses} />
      <div className={classes.table}>
        <Table fz="sm" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Run</Table.Th>
              <Table.Th>Outcome</Table.Th>
              <Table.Th>Waits at</Table.Th>
              <Table.Th>Then at</Table.Th>
              <Table.Th>Loses</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((run) => (
              <Table.Tr key={run.runId} data-migrated={run.runId}>
                <Table.Td>
                  <Anchor size="sm" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId: run.runId }} {...props} />}>
                    {shortId(run.runId)}
                  </Anchor>
                </Table.Td>
                <Table.Td>{run.outcome}</Table.Td>
                <Table.Td>{run.waits.join(', ')}</Table.Td>
                <Table.Td>{run.problems.length > 0 ? run.problems.join('; ') : run.stands.join(', ')}</Table.Td>
                <Table.Td>{run.outcome === 'refused' ? '' : lossesOf(run).join(', ')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {runs.length > shown.length ? (
        <p className={classes.soft}>and {number.format(runs.length - shown.length)} more, which the report above counts</p>
      ) : null}
    </>
  );
}

function Telling({ title, told }: { readonly title: string; readonly told: readonly Told[] }) {
  if (told.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className={classes.heading}>{title}</h3>
      <ul className={classes.told}>
        {told.map(({ text, runs }) => (
          <li key={text}>
            <span className={classes.soft}>{number.format(runs)} ×</span> {text}
          </li>
        ))}
      </ul>
    </section>
  );
}
