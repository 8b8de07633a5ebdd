// The rows, of which only those near the window are in the page, however many were loaded.
import { Button, Loader } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import { useLiveRefresh } from '../../connection/use-live-refresh.js';
import { RunsChanged } from '../runs.query.js';
import { listItems } from './list-items.js';
import { useRunLinks } from './run-address.js';
import { runColumns } from './run-columns.js';
import type { FeedState } from './run-feed.js';
import { QuietRow, RunTableRow } from './run-table-row.js';
import { useListKeys } from './use-list-keys.js';
import type { KeptList } from './use-run-feed.js';
import classes from './run-table.module.css';

const NOTHING = {};
const ROW_PX = 38;
const CARD_PX = 60;
const HEADER_PX = 32;
/** The next page is asked for when so few rows are left below. */
const AHEAD = 60;
/** Pages whose rows fold into a few lines are asked for by themselves only so often in a row; then somebody has to ask. */
const MOST_FOLDED_PAGES = 5;

interface RunTableProps {
  readonly list: KeptList;
  readonly state: FeedState;
  /** Names of the columns of the workflow that the list is of. */
  readonly ownColumns: readonly string[] | undefined;
  readonly onChanged: () => void;
  /** Shown instead of rows when there are none. */
  readonly empty: ReactNode;
}

export function RunTable({ list, state: { rows, isLoadingMore }, ownColumns, onChanged, empty }: RunTableProps) {
  const { feed } = list;
  const isNarrow = useMediaQuery('(max-width: 760px)', undefined, { getInitialValueInEffect: false });
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const items = useMemo(() => listItems(rows.edges, opened), [rows.edges, opened]);
  const columns = useMemo(() => runColumns(ownColumns), [ownColumns]);
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = isNarrow ? CARD_PX : ROW_PX;
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => {
      const item = items[index];
      return item?.kind === 'run' ? item.run.id : `quiet-${item?.earliest.id ?? index}`;
    },
    overscan: 10,
    scrollMargin: isNarrow ? 0 : HEADER_PX,
    initialOffset: list.offset,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, rowPx]);
  const shown = virtual.getVirtualItems();

  const lastShown = shown.at(-1)?.index ?? 0;
  const [foldedPages, setFoldedPages] = useState(0);
  const isNearEnd = lastShown >= items.length - AHEAD;
  useEffect(() => {
    if (!rows.hasMore || isLoadingMore || !isNearEnd || foldedPages >= MOST_FOLDED_PAGES) return;
    const before = items.length;
    void feed.loadMore().then(() => {
      const grown = listItems(feed.snapshot().rows.edges, opened).length - before;
      setFoldedPages((pages) => (grown > AHEAD / 2 ? 0 : pages + 1));
    });
  }, [feed, rows.hasMore, isLoadingMore, isNearEnd, foldedPages, items.length, opened]);

  const latest = useRef({ items, shown });
  useEffect(() => {
    latest.current = { items, shown };
  });
  const refresh = useCallback(() => {
    const element = scroller.current;
    const { items: all, shown: seen } = latest.current;
    const [first, last] = [all[seen[0]?.index ?? 0], all[(seen.at(-1)?.index ?? 0) + 1]];
    const isAtTop = (element?.scrollTop ?? 0) < 4;
    const isHeld = element?.matches(':hover') === true || element?.contains(document.activeElement) === true;
    void feed.refresh({ from: first?.row ?? 0, to: last?.row ?? feed.snapshot().rows.edges.length }, isAtTop && !isHeld);
    onChanged();
  }, [feed, onChanged]);
  useLiveRefresh(RunsChanged, NOTHING, refresh, { gapMs: 1_500 });
  useEffect(() => {
    if (list.wasLeft) refresh();
  }, [list, refresh]);

  const showNews = () => {
    scroller.current?.scrollTo({ top: 0 });
    void feed.begin();
  };
  const open = useCallback((id: string) => setOpened((before) => new Set(before).add(id)), []);
  const links = useRunLinks();
  const tabStop = useListKeys({ scroller, count: items.length, scrollTo: (index) => virtual.scrollToIndex(index) });

  if (rows.edges.length === 0 && !rows.hasMore) return empty;
  return (
    <div className={classes.frame}>
      {rows.news > 0 ? (
        <Button className={classes.news} size="compact-sm" radius="xl" leftSection={<IconArrowUp size={14} />} onClick={showNews}>
          {rows.news}
          {rows.hasMoreNews ? '+' : ''} new {rows.news === 1 ? 'run' : 'runs'}
        </Button>
      ) : null}
      <div
        ref={scroller}
        className={`panel ${classes.scroll}`}
        {...links}
        onScroll={(event) => {
          list.offset = event.currentTarget.scrollTop;
        }}
      >
        <div
          role="table"
          aria-label="Runs, newest first"
          aria-rowcount={rows.hasMore ? -1 : items.length + 1}
          style={{ '--columns': columns.map(({ width }) => width).join(' ') } as CSSProperties}
        >
          <div role="rowgroup">
            <div role="row" aria-rowindex={1} className={isNarrow ? 'visually-hidden' : classes.header}>
              {(isNarrow ? [{ key: 'run', title: 'Run', align: undefined }] : columns).map(({ key, title, align }) => (
                <div key={key} role="columnheader" className="ellipsis" data-align={align}>
                  {title}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
            {shown.map(({ index, key, start, size }) => {
              const item = items[index];
              if (!item) return null;
              const common = { index, isTabStop: index === Math.min(tabStop, items.length - 1) };
              return (
                <div
                  key={key}
                  role="presentation"
                  className={classes.place}
                  style={{ height: size, transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
                >
                  {item.kind === 'run' ? (
                    <RunTableRow {...common} run={item.run} columns={columns} isNarrow={isNarrow} isGone={rows.gone.has(item.run.id)} />
                  ) : (
                    <QuietRow {...common} item={item} onOpen={open} />
                  )}
                </div>
              );
            })}
          </div>
        </div>
        {rows.hasMore ? (
          <div className={classes.more}>
            {foldedPages >= MOST_FOLDED_PAGES && !isLoadingMore ? (
              <Button variant="subtle" size="xs" onClick={() => setFoldedPages(0)}>
                Look further back
              </Button>
            ) : (
              <Loader size="xs" role="status" aria-label="Loading older runs" />
            )}
          </div>
        ) : null}
      </div>
    </div>
  );
}
