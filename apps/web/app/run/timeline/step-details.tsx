import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { waitWords } from '../../runs/wait-words.js';
import { StatusBadge } from '../../status/status-badge.js';
import { Elapsed } from '../../time/elapsed.js';
import { formatClock, formatInstantFully } from '../../time/format-instant.js';
import { RelativeTime } from '../../time/relative-time.js';
import { DataPanel } from '../../values/data-panel.js';
import { EscalationList } from '../escalations/escalation-list.js';
import { ForkButton } from '../fork-button.js';
import type { RunDetails, RunStep } from '../run.query.js';
import { shownStatus } from '../shown-status.js';
import classes from './step-details.module.css';

export function StepDetails({ run, step }: { readonly run: RunDetails; readonly step: RunStep }) {
  return (
    <div className={classes.details}>
      <div className={classes.facts}>
        <StatusBadge status={shownStatus(step)} />
        <code className={classes.path}>{step.path}</code>
        {step.waitReason ? (
          <span>
            waits for {waitWords([step.waitReason])}
            {step.dueAt ? (
              <>
                , <RelativeTime at={step.dueAt} />
              </>
            ) : null}
          </span>
        ) : null}
        {step.substitute ? <span>{SUBSTITUTES[step.substitute] ?? 'its output is a substitute'}</span> : null}
        {step.taskId ? <TaskLink taskId={step.taskId} /> : null}
        {step.childRunId ? <RunLink runId={step.childRunId} /> : null}
        <ForkButton run={run} step={step} />
      </div>
      {step.escalations.length > 0 ? <EscalationList escalations={step.escalations} /> : null}
      {step.attempts.length > 0 ? <Attempts step={step} /> : null}
      {step.error && step.attempts.every(({ error }) => error === null) ? <Failure error={step.error} /> : null}
      {step.output === null ? null : <DataPanel title="Output" label={`output of ${step.nodeId}`} value={step.output} />}
    </div>
  );
}

const SUBSTITUTES: Readonly<Record<string, string>> = {
  failure: 'failed; its output is a substitute',
  breach: 'its time was over; its output is a substitute',
  key: 'its output is that of another run with the same key',
  cache: 'its output was cached',
};

function TaskLink({ taskId }: { readonly taskId: string }) {
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/inbox/$taskId" params={{ taskId }} {...props} />}>
      Open its task
    </Anchor>
  );
}

function RunLink({ runId }: { readonly runId: string }) {
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId }} {...props} />}>
      Open its run
    </Anchor>
  );
}

function Attempts({ step }: { readonly step: RunStep }) {
  return (
    <ol className={classes.attempts}>
      {step.attempts.map(({ number, status, startedAt, endedAt, retryAt, error }) => (
        <li key={number}>
          <div className={classes.attempt}>
            <span>Attempt {number}</span>
            <StatusBadge status={status} />
            {startedAt ? (
              <>
                <time dateTime={startedAt} title={formatInstantFully(startedAt)} className="numbers">
                  {formatClock(startedAt)}
                </time>
                <Elapsed from={startedAt} to={endedAt} />
              </>
            ) : null}
            {retryAt && !endedAt ? (
              <span>
                again <RelativeTime at={retryAt} />
              </span>
            ) : null}
          </div>
          {error ? <Failure error={error} /> : null}
        </li>
      ))}
    </ol>
  );
}

function Failure({ error }: { readonly error: NonNullable<RunStep['error']> }) {
  return (
    <div className={classes.failure}>
      <strong>{error.code}</strong> {error.message}
      {error.stack ? (
        <details>
          <summary>Stack</summary>
          <pre>{error.stack}</pre>
        </details>
      ) : null}
    </div>
  );
}
