import { Button } from '@mantine/core';
import { IconCornerLeftUp, IconCornerRightDown } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { StatusBadge } from '../status/status-badge.js';
import { RelativeTime } from '../time/relative-time.js';
import type { RunDetails } from './run.query.js';
import { SideBox } from './side-box.js';
import classes from './side-box.module.css';

/** An emitter causes runs by the hundred; more than these are shown when somebody asks. */
const FEW = 8;

/** What caused this run, and which runs it caused. */
export function RelatedRuns({ related }: { readonly related: RunDetails['related'] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? related : related.slice(0, FEW);
  return (
    <SideBox title="Related runs" count={related.length}>
      {shown.map((each) => (
        <RelatedRow key={`${each.direction}-${each.run.id}`} related={each} />
      ))}
      {shown.length < related.length ? (
        <li>
          <Button variant="subtle" size="compact-xs" mx={8} mb={4} onClick={() => setWhole(true)}>
            Show {related.length - shown.length} more
          </Button>
        </li>
      ) : null}
    </SideBox>
  );
}

const WAYS: Readonly<Record<string, string>> = { parent: 'sub-workflow' };

function RelatedRow({ related: { run, direction, via, event } }: { readonly related: RunDetails['related'][number] }) {
  const isCause = direction === 'cause';
  const Icon = isCause ? IconCornerLeftUp : IconCornerRightDown;
  return (
    <li>
      <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.row}>
        <Icon size={15} stroke={1.7} className={classes.icon} aria-hidden="true" />
        <span className={classes.main}>
          <span className="ellipsis">{run.title}</span>
          <span className={classes.soft}>
            {isCause ? 'caused this one' : 'caused by this one'} · {event ?? WAYS[via] ?? via} · <RelativeTime at={run.createdAt} />
          </span>
        </span>
        <StatusBadge status={run.status} />
      </Link>
    </li>
  );
}
