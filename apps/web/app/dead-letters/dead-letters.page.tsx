// Runs that have failed for good, the last first, until something becomes of them.
import { Anchor } from '@mantine/core';
import { IconMailOff, IconMailX } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useConnection } from '../connection/use-connection.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { ListPage, ListRows } from '../list/list-page.js';
import { RunsChanged } from '../runs/runs.query.js';
import { useMay } from '../session/session.js';
import { RelativeTime } from '../time/relative-time.js';
import { DeadLettersQuery, DismissDeadLetters, ReinjectDeadLetters, type DeadLetterRow } from './dead-letters.query.js';
import { toLetterFilter } from './letter-filter.js';
import { LettersToolbar } from './letters-toolbar.js';
import { SettleAllButton } from './settle-all-button.js';
import frame from '../list/list.module.css';
import classes from './dead-letters.module.css';

const route = getRouteApi('/dead-letters');
const NOTHING = {};

export function DeadLettersPage() {
  const filter = route.useSearch();
  const mayOperate = useMay('operator');
  // What "the last hour" begins with stays the same while one looks at it.
  const stored = useMemo(() => toLetterFilter(filter, Date.now()), [filter]);
  const list = useConnection({ query: DeadLettersQuery, variables: { filter: stored }, select: (data) => data.deadLetters, pageSize: 40 });
  useLiveRefresh(RunsChanged, NOTHING, list.refresh, { gapMs: 1_500 });

  return (
    <ListPage
      title="Dead letters"
      toolbar={<LettersToolbar filter={filter} />}
      lead={
        <>
          Runs that have failed for good: nothing of them goes on by itself. A run with an{' '}
          <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/runs" search={{ waits: 'incident' }} {...props} />}>
            incident
          </Anchor>{' '}
          has not failed: it waits for a person, and is retried in its place.
        </>
      }
      actions={
        mayOperate && list.nodes.length > 0 ? (
          <>
            <SettleAllButton verb="Retry" filter={stored} mutation={ReinjectDeadLetters} onChanged={list.refresh}>
              Of each a run begins that goes on where it failed, under the same idempotency keys. At most 100 are retried at a time.
            </SettleAllButton>
            <SettleAllButton verb="Dismiss" filter={stored} mutation={DismissDeadLetters} onChanged={list.refresh}>
              They leave this list, and their runs stay failed. At most 1,000 are dismissed at a time.
            </SettleAllButton>
          </>
        ) : null
      }
    >
      <ListRows list={list} what="dead letters" order="the last first" empty={<NoLetters isFiltered={Object.keys(filter).length > 0} />}>
        {(letter) => <LetterRow key={letter.run.id} letter={letter} />}
      </ListRows>
    </ListPage>
  );
}

function NoLetters({ isFiltered }: { readonly isFiltered: boolean }) {
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

function LetterRow({ letter: { failedAt, run } }: { readonly letter: DeadLetterRow }) {
  return (
    <li>
      <Link to="/dead-letters/$runId" params={{ runId: run.id }} className={`${frame.row} ${classes.row}`} data-letter={run.id}>
        <span className={`${classes.name} ellipsis`}>
          {run.title}
          {run.subject ? <span className={frame.soft}> {run.subject}</span> : null}
        </span>
        <code className={`${classes.code} ellipsis`}>{run.errorCode}</code>
        <span className={`${classes.message} ellipsis`}>{run.errorMessage}</span>
        <span className={frame.time}>
          <RelativeTime at={failedAt} />
        </span>
      </Link>
    </li>
  );
}
