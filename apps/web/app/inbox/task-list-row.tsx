import { Link } from '@tanstack/react-router';
import { IconFlag3, IconLock, IconUser } from '@tabler/icons-react';
import { memo } from 'react';
import { ColumnValue } from '../columns/column-value.js';
import { StatusDot } from '../status/status-badge.js';
import type { Selecting } from './bulk/use-selection.js';
import { isDecidable } from '../status/status-tone.js';
import { RelativeTime } from '../time/relative-time.js';
import { humaniseKey } from '../values/humanise-key.js';
import { DueTime } from './due-time.js';
import type { TaskRow } from './inbox.query.js';
import { nextWords } from './task/reviews/review-words.js';
import classes from './task-list.module.css';

interface TaskListRowProps {
  readonly row: TaskRow;
  readonly isChosen: boolean;
  readonly isTabStop: boolean;
  readonly isSelected: boolean;
  readonly onSelect: Selecting['toggle'];
}

export const TaskListRow = memo(function TaskListRow({ row, isChosen, isTabStop, isSelected, onSelect }: TaskListRowProps) {
  return (
    <li className={classes.item} data-selected={isSelected || undefined}>
      {isDecidable(row.status) ? (
        <label className={classes.select}>
          <input
            type="checkbox"
            aria-label={`Select ${row.subject}`}
            tabIndex={isTabStop ? 0 : -1}
            checked={isSelected}
            // A change of a checkbox comes by a click, also by the keyboard.
            onChange={({ nativeEvent }) => onSelect(row.id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
          />
        </label>
      ) : null}
      <Link
        to="/inbox/$taskId"
        params={{ taskId: row.id }}
        search={true}
        preload={false}
        className={classes.row}
        data-task={row.id}
        data-mine={row.isMine || undefined}
        aria-current={isChosen ? 'true' : undefined}
        tabIndex={isTabStop ? 0 : -1}
      >
        <span className={classes.first}>
          <StatusDot status={row.status} />
          <span className={classes.subject}>{row.subject}</span>
          <span className={classes.soft}>
            <RelativeTime at={row.endedAt ?? row.openedAt} />
          </span>
        </span>
        <span className={classes.second}>
          <span className="ellipsis">{row.title}</span>
          <Particulars row={row} />
        </span>
        <Columns row={row} />
      </Link>
    </li>
  );
});

/** What the subject does not say already. */
function Columns({ row: { columns, subject } }: { readonly row: TaskRow }) {
  const news = columns.filter(({ value, error }) => error !== null || (value !== null && value !== '' && !subject.includes(value)));
  if (news.length === 0) return null;
  return (
    <span className={classes.columns}>
      {news.map((column) => (
        <span key={column.name} className="ellipsis">
          {column.name}{' '}
          <b>
            <ColumnValue column={column} />
          </b>
        </span>
      ))}
    </span>
  );
}

function Particulars({ row }: { readonly row: TaskRow }) {
  if (!isDecidable(row.status)) {
    return (
      <span className={classes.marks}>
        {humaniseKey(row.status)}
        {row.decidedBy ? ` by ${row.decidedBy.name}` : ''}
      </span>
    );
  }
  return (
    <span className={classes.marks}>
      {row.reviews ? <span>{nextWords(row.reviews)}</span> : null}
      {row.isNobodyLeft ? <span>nobody left</span> : null}
      {row.claimedBy ? (
        <span className={classes.holder} data-mine={row.isMine || undefined}>
          <IconUser size={12} stroke={2} aria-hidden="true" />
          <span className="visually-hidden">Claimed by </span>
          {row.isMine ? 'You' : row.claimedBy.name}
        </span>
      ) : null}
      {row.isForOthers && !row.isMine && !row.isNobodyLeft ? (
        <span className={classes.others} title="You may not decide it">
          <IconLock size={12} stroke={2} aria-hidden="true" />
          For others
        </span>
      ) : null}
      {row.dueAt ? <DueTime at={row.dueAt} /> : null}
      {row.priority > 0 ? (
        <span className={classes.priority} title={`Priority ${row.priority}`}>
          <IconFlag3 size={12} stroke={2} aria-hidden="true" />
          <span className="visually-hidden">Priority </span>
          {row.priority}
        </span>
      ) : null}
    </span>
  );
}
