import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { shortId } from '../runs/short-id.js';
import { startWords } from '../runs/start-words.js';
import { StatusBadge } from '../status/status-badge.js';
import { RelativeTime } from '../time/relative-time.js';
import type { WorkflowDetails } from './workflow.query.js';
import classes from './workflow.module.css';

export function LatestRuns({ workflow: { name, latestRuns } }: { readonly workflow: WorkflowDetails }) {
  return (
    <section className={`panel ${classes.box}`} aria-label="Latest runs">
      <div className={classes.headingRow}>
        <h2 className={classes.heading}>Latest runs</h2>
        <Anchor size="xs" renderRoot={(props) => <Link to="/runs" search={{ workflow: name }} {...props} />}>
          All runs
        </Anchor>
      </div>
      {latestRuns.length === 0 ? <p className={classes.soft}>It has not run yet.</p> : null}
      <ul className={classes.runs}>
        {latestRuns.map(({ id, status, createdAt, startedBy }) => (
          <li key={id}>
            <Link to="/runs/$runId" params={{ runId: id }} className={classes.run}>
              <code className={classes.code}>{shortId(id)}</code>
              <span className={`${classes.soft} ellipsis`}>
                <RelativeTime at={createdAt} /> {startWords(startedBy)}
              </span>
              <StatusBadge status={status} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
