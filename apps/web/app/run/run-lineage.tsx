import { Link } from '@tanstack/react-router';
import { StatusBadge } from '../status/status-badge.js';
import { Elapsed } from '../time/elapsed.js';
import { RelativeTime } from '../time/relative-time.js';
import type { RunDetails } from './run.query.js';
import { SideBox } from './side-box.js';
import classes from './side-box.module.css';

/** The first run and its retries, oldest first; nothing when there is only this one. */
export function RunLineage({ run }: { readonly run: RunDetails }) {
  if (run.lineage.length < 2) return null;
  return (
    <SideBox title="Retries" count={run.lineage.length}>
      {run.lineage.map(({ id, status, createdAt, endedAt }, index) => (
        <li key={id}>
          <Link to="/runs/$runId" params={{ runId: id }} className={classes.row} aria-current={id === run.id ? 'page' : undefined}>
            <span className={classes.main}>
              <span>
                {index === 0 ? 'The first run' : index === 1 ? 'Its retry' : `Retry ${index}`}
                {id === run.id ? ' (this one)' : ''}
              </span>
              <span className={classes.soft}>
                <RelativeTime at={createdAt} />, took <Elapsed from={createdAt} to={endedAt} />
              </span>
            </span>
            <StatusBadge status={status} />
          </Link>
        </li>
      ))}
    </SideBox>
  );
}
