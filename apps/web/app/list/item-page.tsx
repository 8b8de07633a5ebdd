// The page of one thing of a list: the way back, what it is and what one may do with it; or why it is not there.
import { Anchor, Skeleton } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { KeptQuery } from '../connection/use-kept-query.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import classes from './list.module.css';

interface ItemPageProps<Data, Item> {
  readonly query: KeptQuery<Data>;
  /** Undefined while the answer is that of another item; null when there is none. */
  readonly item: Item | null | undefined;
  /** What a screen reader calls it: `the event`. */
  readonly what: string;
  /** Instead of it, when there is none. */
  readonly none: ReactNode;
  readonly children: (item: Item) => ReactNode;
}

export function ItemPage<Data, Item>({ query: { error, isFetching, refresh }, item, what, none, children }: ItemPageProps<Data, Item>) {
  if (item) {
    return (
      <div className={classes.page}>
        {error ? <FailureNote error={error} onRetry={refresh} /> : null}
        {children(item)}
      </div>
    );
  }
  if (error) return <FailureState error={error} onRetry={refresh} />;
  if (!isFetching && item === null) return none;
  return (
    <div className={classes.page} role="status" aria-label={`Loading ${what}`}>
      <Skeleton height={24} width={280} mb={10} />
      <Skeleton height={14} width={420} maw="100%" mb={22} />
      <Skeleton height={260} radius="md" />
    </div>
  );
}

interface ItemHeaderProps {
  /** The list that it is of. */
  readonly of: { readonly to: '/events' | '/dead-letters' | '/sessions' | '/calendars'; readonly title: string };
  readonly title: string;
  /** Beside the title. */
  readonly mark?: ReactNode;
  readonly actions?: ReactNode;
  /** Below the title: spans. */
  readonly children: ReactNode;
}

export function ItemHeader({ of, title, mark, actions, children }: ItemHeaderProps) {
  return (
    <header className={classes.header}>
      <Anchor size="xs" className={classes.back} renderRoot={(props) => <Link to={of.to} {...props} />}>
        <IconArrowLeft size={13} aria-hidden="true" /> {of.title}
      </Anchor>
      <div className={classes.headline}>
        <div className={classes.name}>
          <h1 className={classes.title}>{title}</h1>
          {mark}
        </div>
        {actions ? <div className={classes.actions}>{actions}</div> : null}
      </div>
      <div className={classes.particulars}>{children}</div>
    </header>
  );
}
