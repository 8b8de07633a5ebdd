import { Alert } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import type { RunDetails } from './run.query.js';

/** Why a failed run failed, above everything else. */
export function RunFailure({ run }: { readonly run: RunDetails }) {
  // What an incident says, it says itself.
  if (run.errorMessage === null || run.status !== 'failed') return null;
  const step = run.steps.find(({ status }) => status === 'failed');
  return (
    <Alert color="red" variant="light" mb="md" p="sm" icon={<IconAlertOctagon size={18} />} title={run.errorCode ?? 'Failed'} role="alert">
      {run.errorMessage}
      {step ? ` (in step ${step.nodeId})` : ''}
    </Alert>
  );
}
