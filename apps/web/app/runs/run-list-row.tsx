import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { StatusBadge } from '../status/status-badge.js';
import { Elapsed } from '../time/elapsed.js';
import { RelativeTime } from '../time/relative-time.js';
import type { RunRow } from './runs.query.js';
import { shortId } from './short-id.js';
import { startWords } from './start-words.js';
import { waitWords } from './wait-words.js';
import classes from './runs.module.css';

export const RunListRow = memo(function RunListRow({ run }: { readonly run: RunRow }) {
  return (
    <li>
      <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.row}>
        <span className={classes.status}>
          <StatusBadge status={run.status} />
        </span>
        <span className={classes.name}>
          <span className="ellipsis">{run.title}</span>
          <code className={classes.id}>{shortId(run.id)}</code>
        </span>
        <span className={`${classes.note} ellipsis`} data-failed={run.errorMessage ? true : undefined}>
          {run.errorMessage ??
            (run.status === 'waiting' ? `waits for ${waitWords(run.waitReasons)}` : `started ${startWords(run.startedBy)}`)}
        </span>
        <span className={classes.time}>
          <RelativeTime at={run.createdAt} />
        </span>
        <span className={classes.duration}>
          <Elapsed from={run.createdAt} to={run.endedAt} />
        </span>
      </Link>
    </li>
  );
});
