import { IconChevronDown } from '@tabler/icons-react';
import { memo } from 'react';
import { StatusBadge } from '../../status/status-badge.js';
import { PlainRelativeTime } from '../../time/relative-time.js';
import type { RunRow } from '../runs.query.js';
import { shortId } from '../short-id.js';
import type { ListItem } from './list-items.js';
import { About, State, type RunColumn } from './run-columns.js';
import { runAddress } from './run-address.js';
import classes from './run-table.module.css';

interface RunTableRowProps {
  readonly run: RunRow;
  /** Its place among all items, from 0. */
  readonly index: number;
  readonly columns: readonly RunColumn[];
  readonly isNarrow: boolean;
  readonly isGone: boolean;
  readonly isTabStop: boolean;
}

export const RunTableRow = memo(function RunTableRow({ run, index, columns, isNarrow, isGone, isTabStop }: RunTableRowProps) {
  // A plain one: what the router's does for each link, the table does once for all rows.
  const link = (
    <a
      href={runAddress(run.id)}
      className={classes.link}
      data-item={index}
      tabIndex={isTabStop ? 0 : -1}
      aria-label={`${run.title} ${shortId(run.id)}`}
    />
  );
  const common = { role: 'row', 'aria-rowindex': index + 2, 'data-gone': isGone || undefined, 'data-run': run.id };
  if (isNarrow) {
    return (
      <div {...common} className={`${classes.row} ${classes.card}`}>
        <div role="cell" className={classes.whole}>
          {link}
          <span className={classes.line}>
            <span className={`${classes.title} ellipsis`}>{run.title}</span>
            <StatusBadge status={run.status} />
          </span>
          <span className={classes.line}>
            {run.subject || run.columns.some(({ value }) => value) ? <About run={run} /> : <State run={run} />}
            <span className={classes.soft}>
              <PlainRelativeTime at={run.createdAt} />
            </span>
          </span>
        </div>
      </div>
    );
  }
  return (
    <div {...common} className={classes.row}>
      {columns.map(({ key, align, cell }, at) => (
        <div key={key} role="cell" className={classes.cell} data-align={align}>
          {at === 0 ? link : null}
          {cell(run)}
        </div>
      ))}
    </div>
  );
});

interface QuietRowProps {
  readonly item: Extract<ListItem, { kind: 'quiet' }>;
  readonly index: number;
  readonly isTabStop: boolean;
  readonly onOpen: (id: string) => void;
}

const count = new Intl.NumberFormat();

/** Runs that found nothing, one line for all of them. */
export function QuietRow({ item: { latest, earliest, count: runs }, index, isTabStop, onOpen }: QuietRowProps) {
  return (
    <div role="row" aria-rowindex={index + 2} className={`${classes.row} ${classes.quiet}`}>
      <div role="cell" className={classes.whole}>
        <button type="button" className={classes.link} data-item={index} tabIndex={isTabStop ? 0 : -1} onClick={() => onOpen(latest.id)}>
          <span className="visually-hidden">Show them</span>
        </button>
        <span className={classes.line}>
          <IconChevronDown size={14} stroke={1.7} aria-hidden="true" className={classes.chevron} />
          <span className="ellipsis">
            {count.format(runs)} runs of {latest.title} found nothing new
          </span>
          <span className={classes.spring} />
          <span className={classes.span}>
            <PlainRelativeTime at={earliest.createdAt} /> to <PlainRelativeTime at={latest.createdAt} />
          </span>
        </span>
      </div>
    </div>
  );
}
