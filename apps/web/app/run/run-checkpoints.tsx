// Where the run has been: from each checkpoint another run may go on, and two of them may be compared. Asked for only when somebody opens it.
import { Button, Checkbox, Skeleton } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useConnection } from '../connection/use-connection.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { FailureNote } from '../feedback/failure-note.js';
import { useMay } from '../session/session.js';
import { formatClock, formatInstantFully } from '../time/format-instant.js';
import { ExportButton, GoOnButton, PruneButton } from './checkpoint-buttons.js';
import { CheckpointDiff } from './checkpoint-diff.js';
import { CheckpointsQuery } from './checkpoints.query.js';
import { RunChanged } from './run.query.js';
import classes from './run-journal.module.css';

export function RunCheckpoints({ runId }: { readonly runId: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={`panel ${classes.journal}`} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={classes.summary}>Checkpoints</summary>
      {isOpen ? <Checkpoints runId={runId} /> : null}
    </details>
  );
}

function Checkpoints({ runId }: { readonly runId: string }) {
  const mayOperate = useMay('operator');
  const variables = useMemo(() => ({ id: runId }), [runId]);
  const { nodes, error, isLoading, hasMore, isLoadingMore, loadMore, refresh } = useConnection({
    query: CheckpointsQuery,
    variables,
    select: (data) => data.run?.checkpoints,
    pageSize: 50,
  });
  useLiveRefresh(RunChanged, variables, refresh, { gapMs: 1_000 });
  const [chosen, setChosen] = useState<readonly number[]>([]);
  if (isLoading) return <Skeleton height={120} m="sm" />;
  const [from, to] = [...chosen].sort((a, b) => a - b);
  // The last two: whoever chooses a third lets go of the first.
  const toggle = (seq: number) => setChosen(chosen.includes(seq) ? chosen.filter((one) => one !== seq) : [...chosen.slice(-1), seq]);
  return (
    <>
      {error ? <FailureNote error={error} onRetry={refresh} /> : null}
      {nodes.length === 0 ? <p className={classes.none}>None yet: one is made by every output.</p> : null}
      <ol className={classes.facts} aria-label="Checkpoints">
        {nodes.map(({ seq, type, path, iteration, at }, index) => (
          <li key={seq} className={classes.fact}>
            <span className={classes.seq}>
              <Checkbox size="xs" aria-label={`Compare checkpoint ${seq}`} checked={chosen.includes(seq)} onChange={() => toggle(seq)} />
            </span>
            <time className={classes.time} dateTime={at} title={formatInstantFully(at)}>
              {formatClock(at)}
            </time>
            <span className={classes.type}>{type === 'checkpoint.saved' ? 'Saved' : 'Output'}</span>
            <div className={classes.rest}>
              <span className={classes.path}>
                {path}
                {iteration ? ` [${iteration}]` : ''}
              </span>
              {mayOperate ? (
                <span className={classes.actions}>
                  <GoOnButton runId={runId} seq={seq} path={path} />
                  <ExportButton runId={runId} seq={seq} />
                  {index > 0 ? <PruneButton runId={runId} seq={seq} count={index} onPruned={refresh} /> : null}
                </span>
              ) : null}
            </div>
          </li>
        ))}
      </ol>
      {hasMore ? (
        <Button variant="subtle" size="xs" fullWidth mb="xs" loading={isLoadingMore} onClick={loadMore}>
          Load more
        </Button>
      ) : null}
      {from === undefined || to === undefined ? null : <CheckpointDiff runId={runId} from={from} to={to} />}
    </>
  );
}
