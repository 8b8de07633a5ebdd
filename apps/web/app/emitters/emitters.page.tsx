import { Skeleton } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { RunsChanged } from '../runs/runs.query.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { EmitterCard } from './emitter-card.js';
import { EmittersQuery } from './emitters.query.js';
import classes from './emitters.module.css';

const NOTHING = {};

export function EmittersPage() {
  useDocumentTitle('Emitters');
  const { data, error, refresh } = useKeptQuery(EmittersQuery, NOTHING);
  // The ledger is counted, not kept: asking for it costs the database something.
  useLiveRefresh(RunsChanged, NOTHING, refresh, { gapMs: 3_000 });

  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Emitters</h1>
      {error && data ? <FailureNote error={error} onRetry={refresh} /> : null}
      {data ? (
        data.emitters.length === 0 ? (
          <EmptyState icon={<IconStack2 size={32} stroke={1.4} />} title="No emitter is hosted here">
            An emitter turns records into runs, on a schedule. It appears here when its module is in the workflows folder.
          </EmptyState>
        ) : (
          data.emitters.map((emitter) => <EmitterCard key={emitter.name} emitter={emitter} />)
        )
      ) : error ? (
        <FailureState error={error} onRetry={refresh} />
      ) : (
        <Skeleton height={360} radius="md" role="status" aria-label="Loading the emitters" />
      )}
    </div>
  );
}
