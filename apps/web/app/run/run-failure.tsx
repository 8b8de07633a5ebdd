import { Alert, Anchor } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { shortId } from '../runs/short-id.js';
import { RelativeTime } from '../time/relative-time.js';
import type { RunDetails } from './run.query.js';

/** What may become of it, or became. */
function LetterNote({ run: { id, isDeadLetter, settledLetter } }: { readonly run: RunDetails }) {
  const link = (label: string, node: ReactNode) => (
    <div>
      {label} {node}
    </div>
  );
  if (isDeadLetter)
    return link(
      'Nothing became of it yet:',
      <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/dead-letters/$runId" params={{ runId: id }} {...props} />}>
        its dead letter
      </Anchor>,
    );
  if (!settledLetter) return null;
  const { as, runId, by, reason, at } = settledLetter;
  return link(
    `${as === 'dismissed' ? 'Dismissed' : 'Put in again'}${by ? ` by ${by.name}` : ''}${reason === null ? '' : `: ${reason}`}`,
    <>
      (<RelativeTime at={at} />)
      {runId === null ? null : (
        <>
          {' as '}
          <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId }} {...props} />}>
            run {shortId(runId)}
          </Anchor>
        </>
      )}
    </>,
  );
}

/** Why a failed run failed, above everything else. */
export function RunFailure({ run }: { readonly run: RunDetails }) {
  // What an incident says, it says itself.
  if (run.errorMessage === null || run.status !== 'failed') return null;
  const step = run.steps.find(({ status }) => status === 'failed');
  return (
    <Alert color="red" variant="light" mb="md" p="sm" icon={<IconAlertOctagon size={18} />} title={run.errorCode ?? 'Failed'} role="alert">
      {run.errorMessage}
      {step ? ` (in step ${step.nodeId})` : ''}
      <LetterNote run={run} />
    </Alert>
  );
}
