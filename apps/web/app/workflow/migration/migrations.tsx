import { Button, Group, Progress } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../session/session.js';
import type { WorkflowDetails } from '../workflow.query.js';
import { MigratedRuns } from './migrated-runs.js';
import { MigrationFilterBar, toMigrationFilter, type MigrationChoice } from './migration-filter-bar.js';
import { idsOf, useMigration, type MigrationWay } from './use-migration.js';
import page from '../workflow.module.css';
import classes from './migration.module.css';

const number = new Intl.NumberFormat('en');

/** For each plan that a version has: what would become of the runs of the older one, and the button that does it. */
export function Migrations({ workflow: { name, versions } }: { readonly workflow: WorkflowDetails }) {
  if (!useMay('operator')) return null;
  return versions.flatMap(({ version, migratesFrom }) =>
    migratesFrom.map((from) => <MigrationPanel key={`${from}-${version}`} workflow={name} from={from} to={version} />),
  );
}

function MigrationPanel(way: MigrationWay) {
  const { workflow, from, to } = way;
  const { runs, progress, note, look, migrate, undo, stop } = useMigration(way);
  const [choice, setChoice] = useState<MigrationChoice>({});
  const possible = runs ? idsOf(runs, 'possible').length : 0;
  const migrated = runs ? idsOf(runs, 'migrated').length : 0;
  const isBusy = progress !== undefined;

  return (
    <section className={`panel ${page.box}`} aria-label={`Migrate runs of version ${from} to version ${to}`}>
      <h2 className={page.heading}>
        Migrate runs of version {from} to version {to}
      </h2>
      <p className={classes.soft}>
        By the plan in the code of version {to}. A dry run changes nothing and says what would become of each; runs that a worker is at work
        on are left out.
      </p>
      <Group gap="xs" mt={8}>
        <MigrationFilterBar workflow={workflow} from={from} choice={choice} onChange={setChoice} />
        <Button variant="default" size="xs" disabled={isBusy} onClick={() => void look(toMigrationFilter(choice, Date.now()))}>
          Dry run
        </Button>
      </Group>
      {progress ? (
        <div className={classes.progress}>
          <span className={classes.soft} role="status">
            {progress.total === null
              ? `${progress.verb} runs: ${number.format(progress.done)} found`
              : `${progress.verb} ${counted(progress.total)}: ${number.format(progress.done)} done`}
          </span>
          {progress.total === null ? null : (
            <Progress value={(100 * progress.done) / progress.total} flex={1} size="sm" aria-label={progress.verb} />
          )}
          <Button variant="subtle" size="compact-xs" onClick={stop}>
            Stop
          </Button>
        </div>
      ) : null}
      {runs ? <MigratedRuns runs={runs} /> : null}
      {note ? (
        <p className={classes.soft} role="alert">
          {note}
        </p>
      ) : null}
      {runs && possible + migrated > 0 ? (
        <Group gap="xs" mt={8}>
          {possible > 0 ? (
            <Button size="xs" disabled={isBusy} onClick={() => void migrate(runs)}>
              Migrate {counted(possible)}
            </Button>
          ) : null}
          {migrated > 0 ? (
            <Button variant="default" size="xs" disabled={isBusy} onClick={() => void undo(runs)}>
              Undo {counted(migrated)}
            </Button>
          ) : null}
        </Group>
      ) : null}
    </section>
  );
}

function counted(runs: number): string {
  return runs === 1 ? '1 run' : `${number.format(runs)} runs`;
}
