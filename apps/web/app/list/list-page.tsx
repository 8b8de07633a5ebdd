// What every page with a list has: its title and what one may do, the filter, and below it the rows, or why there are none.
import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Connection } from '../connection/use-connection.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import classes from './list.module.css';

interface ListPageProps {
  readonly title: string;
  /** What the list is, where its title does not say it. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly toolbar: ReactNode;
  readonly children: ReactNode;
}

export function ListPage({ title, lead, actions, toolbar, children }: ListPageProps) {
  useDocumentTitle(title);
  return (
    <div className={classes.page}>
      <div className={classes.headline}>
        <h1 className={classes.title}>{title}</h1>
        {actions ? <div className={classes.actions}>{actions}</div> : null}
      </div>
      {lead ? <p className={classes.lead}>{lead}</p> : null}
      {toolbar}
      {children}
    </div>
  );
}

interface ListRowsProps<Row> {
  readonly list: Connection<Row>;
  /** What a screen reader calls it: `events`. */
  readonly what: string;
  /** Told behind that: `newest first`. */
  readonly order: string;
  /** Instead of rows, when there are none. */
  readonly empty: ReactNode;
  /** One `li`, with a key. */
  readonly children: (row: Row) => ReactNode;
}

export function ListRows<Row>({ list, what, order, empty, children }: ListRowsProps<Row>) {
  const { nodes, error, isLoading, hasMore, isLoadingMore, loadMore, refresh } = list;
  if (nodes.length === 0) {
    if (error) return <FailureState error={error} onRetry={refresh} />;
    return isLoading ? <Skeleton height={420} radius="md" role="status" aria-label={`Loading ${what}`} /> : empty;
  }
  return (
    <>
      {error ? <FailureNote error={error} onRetry={refresh} /> : null}
      <ul
        className={`panel ${classes.rows}`}
        aria-busy={isLoading}
        data-stale={isLoading || undefined}
        aria-label={`${what.charAt(0).toUpperCase()}${what.slice(1)}, ${order}`}
      >
        {nodes.map(children)}
      </ul>
      {hasMore ? (
        <Button variant="subtle" size="xs" fullWidth my="sm" loading={isLoadingMore} onClick={loadMore}>
          Load more
        </Button>
      ) : null}
    </>
  );
}
