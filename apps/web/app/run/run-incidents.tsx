import { Alert, Anchor } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { RelativeTime } from '../time/relative-time.js';
import { humaniseKey } from '../values/humanise-key.js';
import { IncidentVerdict } from './incident-verdict.js';
import type { RunDetails } from './run.query.js';
import classes from './run.module.css';

const CAUSES: Readonly<Record<string, string>> = {
  'attempts-exhausted': 'The step is out of attempts',
  poison: 'Its attempts end the process that they run in',
  'undo-failed': 'What undoes the step is out of attempts',
  'outcome-unknown': 'Whether its effect happened is not known',
};

/** Steps that a person has to look at, above everything else. */
export function RunIncidents({ run, onChanged }: { readonly run: RunDetails; readonly onChanged: () => void }) {
  return run.incidents.map((incident) => {
    const { path, iteration, nodeId, attempt, cause, since, error } = incident;
    const isUnknown = cause === 'outcome-unknown';
    const isUndo = cause === 'undo-failed';
    const node = run.steps.find((step) => step.path === path && step.iteration === iteration)?.key ?? path;
    return (
      <Alert
        key={node}
        color="yellow"
        variant="light"
        mb="md"
        p="sm"
        icon={<IconAlertTriangle size={18} />}
        title={`Incident in ${humaniseKey(nodeId)}`}
        role="alert"
      >
        {error.message}
        <p className={classes.incident}>
          {CAUSES[cause] ?? cause} ({error.code}, attempt {attempt}, <RelativeTime at={since} />
          ). The run goes on when an operator{' '}
          {isUnknown ? 'has looked, and says whether it happened' : isUndo ? 'retries it, or has dealt with it' : 'retries it'}.{' '}
          <Anchor
            size="sm"
            underline="always"
            renderRoot={(props) => <Link to="/runs/$runId" params={{ runId: run.id }} search={{ node }} {...props} />}
          >
            Show its attempts
          </Anchor>
        </p>
        {isUnknown || isUndo ? <IncidentVerdict runId={run.id} incident={incident} onChanged={onChanged} /> : null}
      </Alert>
    );
  });
}
