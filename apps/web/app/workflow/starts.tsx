import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { RelativeTime } from '../time/relative-time.js';
import type { WorkflowDetails, WorkflowNeighbour } from './workflow.query.js';
import classes from './workflow.module.css';

interface StartsProps {
  readonly workflow: WorkflowDetails;
  /** Workflows whose graphs start runs of this one. */
  readonly from: readonly WorkflowNeighbour[];
}

/** What starts a run, and which events cancel one. */
export function Starts({ workflow: { startOn, cancelOn, schedule }, from }: StartsProps) {
  return (
    <section className={`panel ${classes.box}`} aria-label="What starts it">
      <h2 className={classes.heading}>What starts it</h2>
      <ul className={classes.list}>
        {startOn.map((event) => (
          <li key={event}>
            Event <code className={classes.code}>{event}</code>
          </li>
        ))}
        {schedule ? (
          <li>
            {schedule.description} <span className={classes.soft}>({schedule.zone})</span>
            {schedule.nextFirings[0] ? (
              <>
                {', next '}
                <RelativeTime at={schedule.nextFirings[0]} />
              </>
            ) : null}
          </li>
        ) : null}
        {from.map(({ name, title }) => (
          <li key={name}>
            <Anchor size="sm" renderRoot={(props) => <Link to="/workflows/$name" params={{ name }} {...props} />}>
              {title}
            </Anchor>
          </li>
        ))}
        <li className={classes.soft}>People and machines, by hand</li>
      </ul>
      {cancelOn.length > 0 ? (
        <p className={classes.soft}>
          Canceled by{' '}
          {cancelOn.map((event) => (
            <code key={event} className={classes.code}>
              {event}{' '}
            </code>
          ))}
        </p>
      ) : null}
    </section>
  );
}
