// Runs that have failed for good, the last first, until something becomes of them.
import { Anchor, Button, Skeleton } from '@mantine/core';
import { IconMailOff, IconMailX } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Connection, useConnection } from '../connection/use-connection.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { RunsChanged } from '../runs/runs.query.js';
import { useMay } from '../session/session.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { RelativeTime } from '../time/relative-time.js';
import { DeadLettersQuery, DismissDeadLetters, ReinjectDeadLetters, type DeadLetterRow } from './dead-letters.query.js';
import { toLetterFilter } from './letter-filter.js';
import { LettersToolbar } from './letters-toolbar.js';
import { SettleAllButton } from './settle-all-button.js';
import classes from './dead-letters.module.css';

const route = getRouteApi('/dead-letters');
const NOTHING = {};

export function DeadLettersPage() {
  useDocumentTitle('Dead letters');
  const filter = route.useSearch();
  const mayOperate = useMay('operator');
  // What "the last hour" begins with stays the same while one looks at it.
  const stored = useMemo(() => toLetterFilter(filter, Date.now()), [filter]);
  const list = useConnection({ query: DeadLettersQuery, variables: { filter: stored }, select: (data) => data.deadLetters, pageSize: 40 });
  useLiveRefresh(RunsChanged, NOTHING, list.refresh, { gapMs: 1_500 });
  const isFiltered = Object.keys(filter).length > 0;

  return (
    <div className={classes.page}>
      <div className={classes.headline}>
        <h1 className={classes.title}>Dead letters</h1>
        {mayOperate && list.nodes.length > 0 ? (
          <div className={classes.actions}>
            <SettleAllButton verb="Retry" filter={stored} mutation={ReinjectDeadLetters} onChanged={list.refresh}>
              Of each a run begins that goes on where it failed, under the same idempotency keys. At most 100 are retried at a time.
            </SettleAllButton>
            <SettleAllButton verb="Dismiss" filter={stored} mutation={DismissDeadLetters} onChanged={list.refresh}>
              They leave this list, and their runs stay failed. At most 1,000 are dismissed at a time.
            </SettleAllButton>
          </div>
        ) : null}
      </div>
      <p className={classes.lead}>
        Runs that have failed for good: nothing of them goes on by itself. A run with an{' '}
        <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/runs" search={{ waits: 'incident' }} {...props} />}>
          incident
        </Anchor>{' '}
        has not failed: it waits for a person, and is retried in its place.
      </p>
      <LettersToolbar filter={filter} />
      <LetterRows list={list} isFiltered={isFiltered} />
    </div>
  );
}

function LetterRows({ list, isFiltered }: { readonly list: Connection<DeadLetterRow>; readonly isFiltered: boolean }) {
  const { nodes, error, isLoading, hasMore, isLoadingMore, loadMore, refresh } = list;
  if (nodes.length === 0) {
    if (error) return <FailureState error={error} onRetry={refresh} />;
    if (isLoading) return <Skeleton height={420} radius="md" role="status" aria-label="Loading dead letters" />;
    return isFiltered ? (
      <EmptyState icon={<IconMailX size={32} stroke={1.4} />} title="No dead letter fits this filter">
        A code must be written out whole.
      </EmptyState>
    ) : (
      <EmptyState icon={<IconMailOff size={32} stroke={1.4} />} title="No dead letters">
        Every run that has failed was retried, put in again or dismissed.
      </EmptyState>
    );
  }
  return (
    <>
      {error ? <FailureNote error={error} onRetry={refresh} /> : null}
      <ul
        className={`panel ${classes.rows}`}
        aria-busy={isLoading}
        data-stale={isLoading || undefined}
        aria-label="Dead letters, the last first"
      >
        {nodes.map(({ failedAt, run }) => (
          <li key={run.id}>
            <Link to="/dead-letters/$runId" params={{ runId: run.id }} className={classes.row} data-letter={run.id}>
              <span className={`${classes.name} ellipsis`}>
                {run.title}
                {run.subject ? <span className={classes.soft}> {run.subject}</span> : null}
              </span>
              <code className={`${classes.code} ellipsis`}>{run.errorCode}</code>
              <span className={`${classes.soft} ellipsis`}>{run.errorMessage}</span>
              <span className={classes.time}>
                <RelativeTime at={failedAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {hasMore ? (
        <Button variant="subtle" size="xs" fullWidth my="sm" loading={isLoadingMore} onClick={loadMore}>
          Load more
        </Button>
      ) : null}
    </>
  );
}
