import { Badge } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { RelativeTime } from '../time/relative-time.js';
import type { WorkflowDetails } from './workflow.query.js';
import classes from './workflow.module.css';

interface VersionsProps {
  readonly workflow: WorkflowDetails;
  /** The version whose graph is drawn. */
  readonly shown: number;
}

export function Versions({ workflow: { name, version: hosted, versions }, shown }: VersionsProps) {
  return (
    <section className={`panel ${classes.box}`} aria-label="Versions">
      <h2 className={classes.heading}>Versions</h2>
      <ul className={classes.list}>
        {versions.map(({ version, registeredAt, isHosted, isDeprecated, canaryPercent }) => (
          <li key={version}>
            <Link
              to="/workflows/$name"
              params={{ name }}
              search={version === hosted ? {} : { version }}
              replace
              // Else the hosted version, whose address has no search, counts as the current one beside each other.
              activeOptions={{ exact: true }}
              className={classes.version}
              aria-current={version === shown || undefined}
            >
              <span>Version {version}</span>
              {isHosted ? <Badge size="xs">hosted</Badge> : null}
              {isDeprecated ? (
                <Badge size="xs" color="gray">
                  deprecated
                </Badge>
              ) : null}
              {canaryPercent === null ? null : (
                <Badge size="xs" variant="outline">
                  {canaryPercent} % of new runs
                </Badge>
              )}
              <span className={classes.soft}>
                since <RelativeTime at={registeredAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
