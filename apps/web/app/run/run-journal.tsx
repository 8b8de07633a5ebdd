// The journal as it was written: every fact of the run, oldest first. Asked for only when somebody opens it.
import { Button, Skeleton } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useConnection } from '../connection/use-connection.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { FailureNote } from '../feedback/failure-note.js';
import { formatClock, formatInstantFully } from '../time/format-instant.js';
import { JsonTree } from '../values/json-tree.js';
import { isEmpty } from '../values/shape.js';
import { JournalDownload } from './journal-download.js';
import { JournalQuery, RunChanged } from './run.query.js';
import classes from './run-journal.module.css';

export function RunJournal({ runId }: { readonly runId: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={`panel ${classes.journal}`} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={classes.summary}>Journal</summary>
      {isOpen ? (
        <>
          <JournalDownload runId={runId} />
          <Facts runId={runId} />
        </>
      ) : null}
    </details>
  );
}

function Facts({ runId }: { readonly runId: string }) {
  const variables = useMemo(() => ({ id: runId }), [runId]);
  const { nodes, error, isLoading, hasMore, isLoadingMore, loadMore, refresh } = useConnection({
    query: JournalQuery,
    variables,
    select: (data) => data.run?.journal,
    pageSize: 50,
  });
  useLiveRefresh(RunChanged, variables, refresh, { gapMs: 1_000 });
  if (isLoading) return <Skeleton height={160} m="sm" />;
  return (
    <>
      {error ? <FailureNote error={error} onRetry={refresh} /> : null}
      <ol className={classes.facts}>
        {nodes.map((fact) => (
          <li key={fact.seq} className={classes.fact}>
            <span className={classes.seq}>{fact.seq}</span>
            <time className={classes.time} dateTime={fact.at} title={formatInstantFully(fact.at)}>
              {formatClock(fact.at)}
            </time>
            <span className={classes.type}>{fact.type}</span>
            <div className={classes.rest}>
              {fact.path ? (
                <span className={classes.path}>
                  {fact.path}
                  {fact.iteration ? ` [${fact.iteration}]` : ''}
                  {fact.attempt > 1 ? ` #${fact.attempt}` : ''}
                </span>
              ) : null}
              {fact.payload === null || isEmpty(fact.payload) ? null : <JsonTree value={fact.payload} depth={2} />}
            </div>
          </li>
        ))}
      </ol>
      {hasMore ? (
        <Button variant="subtle" size="xs" fullWidth mb="xs" loading={isLoadingMore} onClick={loadMore}>
          Load more
        </Button>
      ) : null}
    </>
  );
}
