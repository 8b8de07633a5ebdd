import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { shortId } from '../runs/short-id.js';
import { RelativeTime } from '../time/relative-time.js';
import type { RunDetails } from './run.query.js';
import classes from './run.module.css';

/** The headline says these, or what is right below it. */
const SAID_ABOVE = new Set(['task', 'timer', 'retry', 'async-result', 'verification', 'incident', 'checkpoint', 'cancel']);

/** Why the run does not go on, or who is at work on it, sentence by sentence, with the way to the runs that it waits for. */
export function WaitCauses({ run }: { readonly run: RunDetails }) {
  const causes = run.waitingBecause.filter(({ kind }) => !SAID_ABOVE.has(kind));
  if (causes.length === 0) return null;
  return (
    <ul className={classes.causes} aria-label="Why it waits">
      {causes.map(({ kind, words, until, runIds }, index) => (
        <li key={`${kind} ${index}`}>
          {words}
          {until ? (
            <>
              {' '}
              (<RelativeTime at={until} />)
            </>
          ) : null}
          {runIds.map((runId) => (
            <Fragment key={runId}>
              {' '}
              <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId }} {...props} />}>
                {shortId(runId)}
              </Anchor>
            </Fragment>
          ))}
        </li>
      ))}
    </ul>
  );
}
