import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../../connection/request-error.js';
import { useMay } from '../../session/session.js';
import { MigratedRuns } from './migrated-runs.js';
import { MigrateRuns, type MigratedRun, UndoMigrations } from './migration.mutations.js';
import type { WorkflowDetails } from '../workflow.query.js';
import classes from '../workflow.module.css';

/** For each plan that a version has: what would become of the runs of the older one, and the button that does it. */
export function Migrations({ workflow: { name, versions } }: { readonly workflow: WorkflowDetails }) {
  if (!useMay('operator')) return null;
  return versions.flatMap(({ version, migratesFrom }) =>
    migratesFrom.map((from) => <MigrationPanel key={`${from}-${version}`} workflow={name} from={from} to={version} />),
  );
}

interface MigrationPanelProps {
  readonly workflow: string;
  readonly from: number;
  readonly to: number;
}

function MigrationPanel({ workflow, from, to }: MigrationPanelProps) {
  const [{ fetching: isMigrating }, migrate] = useMutation(MigrateRuns);
  const [{ fetching: isUndoing }, undo] = useMutation(UndoMigrations);
  const [runs, setRuns] = useState<readonly MigratedRun[]>();
  const [note, setNote] = useState<string>();
  const isBusy = isMigrating || isUndoing;
  const possible = runs?.filter(({ outcome }) => outcome === 'possible') ?? [];
  const migrated = runs?.filter(({ outcome }) => outcome === 'migrated') ?? [];

  const go = async (dryRun: boolean) => {
    // What was looked at, and no other runs.
    const filter = dryRun ? null : { runs: possible.map(({ runId }) => runId) };
    const { data, error } = await migrate({ workflow, from, to, dryRun, filter });
    if (data) setRuns(data.migrateRuns.runs);
    const more = data?.migrateRuns.hasMore ? 'More runs are left: look again when these are done.' : undefined;
    setNote(error ? describeFailure(error).message : (data?.migrateRuns.errors[0]?.message ?? more));
  };
  const goBack = async () => {
    const { data, error } = await undo({ runs: migrated.map(({ runId }) => runId) });
    if (data) setRuns(data.undoMigrations.runs);
    setNote(error ? describeFailure(error).message : data?.undoMigrations.errors[0]?.message);
  };

  return (
    <section className={`panel ${classes.box}`} aria-label={`Migrate runs of version ${from} to version ${to}`}>
      <h2 className={classes.heading}>
        Migrate runs of version {from} to version {to}
      </h2>
      {runs ? <MigratedRuns runs={runs} /> : null}
      {note ? <p className={classes.soft}>{note}</p> : null}
      <Group gap="xs" mt={6}>
        <Button variant="default" size="compact-sm" disabled={isBusy} onClick={() => void go(true)}>
          Dry run
        </Button>
        {possible.length > 0 ? (
          <Button size="compact-sm" disabled={isBusy} onClick={() => void go(false)}>
            Migrate {possible.length === 1 ? '1 run' : `${possible.length} runs`}
          </Button>
        ) : null}
        {migrated.length > 0 ? (
          <Button variant="default" size="compact-sm" disabled={isBusy} onClick={() => void goBack()}>
            Undo
          </Button>
        ) : null}
      </Group>
    </section>
  );
}
