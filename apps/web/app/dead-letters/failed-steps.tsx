import { Elapsed } from '../time/elapsed.js';
import { formatInstantFully } from '../time/format-instant.js';
import type { Letter } from './dead-letters.query.js';
import frame from '../list/list.module.css';
import classes from './dead-letters.module.css';

/** What the run failed of: each attempt with its error, its time and where it ran. */
export function FailedSteps({ steps }: { readonly steps: Letter['failedSteps'] }) {
  return (
    <section className={`panel ${frame.box}`} aria-label="Attempts">
      <h2 className={frame.boxTitle}>Attempts</h2>
      {steps.length === 0 ? <p className={frame.soft}>No step of it failed by itself.</p> : null}
      {steps.map(({ key, nodeId, attempts, error }) => (
        <div key={key}>
          <h3 className={classes.step}>
            <code>{nodeId}</code>
          </h3>
          <ol className={classes.attempts}>
            {attempts.map(({ number, startedAt, endedAt, worker, error: own }) => (
              <li key={number}>
                <div className={classes.attempt}>
                  <strong>Attempt {number}</strong>
                  {startedAt ? <time dateTime={startedAt}>{formatInstantFully(startedAt)}</time> : null}
                  {startedAt && endedAt ? <Elapsed from={startedAt} to={endedAt} /> : null}
                  {worker ? <code title="Host and process id">{worker}</code> : null}
                </div>
                {own ? <Failure error={own} /> : null}
              </li>
            ))}
          </ol>
          {error && attempts.every((one) => one.error === null) ? <Failure error={error} /> : null}
        </div>
      ))}
    </section>
  );
}

function Failure({ error }: { readonly error: { readonly code: string; readonly message: string } }) {
  return (
    <p className={classes.failure}>
      <strong>{error.code}</strong> {error.message}
    </p>
  );
}
