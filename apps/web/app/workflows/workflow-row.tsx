import { Link } from '@tanstack/react-router';
import { StatusDot } from '../status/status-badge.js';
import { RelativeTime } from '../time/relative-time.js';
import { humaniseKey } from '../values/humanise-key.js';
import { startedBy } from './started-by.js';
import type { WorkflowListed } from './workflows.query.js';
import classes from './workflows.module.css';

interface WorkflowRowProps {
  readonly workflow: WorkflowListed;
  readonly all: readonly WorkflowListed[];
}

export function WorkflowRow({ workflow, all }: WorkflowRowProps) {
  const { name, title, version, latestRuns } = workflow;
  const [latest] = latestRuns;
  return (
    <li>
      <Link to="/workflows/$name" params={{ name }} className={classes.row}>
        <span className={classes.name}>
          <span className="ellipsis">{title}</span>
          <code className={classes.code}>
            {name}@{version}
          </code>
        </span>
        <span className={`${classes.starts} ellipsis`}>{startsWords(workflow, all)}</span>
        <span className={classes.dots} role="img" aria-label={dotsWords(latestRuns)}>
          {latestRuns.toReversed().map(({ id, status }) => (
            <StatusDot key={id} status={status} />
          ))}
        </span>
        <span className={classes.time}>{latest ? <RelativeTime at={latest.createdAt} /> : 'never ran'}</span>
      </Link>
    </li>
  );
}

function startsWords({ name, startOn, schedule }: WorkflowListed, all: readonly WorkflowListed[]): string {
  const ways = [
    ...startOn.map((event) => `on ${event}`),
    ...(schedule ? [schedule.description.charAt(0).toLowerCase() + schedule.description.slice(1)] : []),
    ...startedBy(name, all).map((other) => `from ${other.title}`),
  ];
  return ways.length === 0 ? 'by hand' : ways.join(', ');
}

function dotsWords(runs: WorkflowListed['latestRuns']): string {
  if (runs.length === 0) return 'No runs yet';
  return `Latest runs, oldest first: ${runs
    .toReversed()
    .map(({ status }) => humaniseKey(status).toLowerCase())
    .join(', ')}`;
}
