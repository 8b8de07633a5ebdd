import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ConfirmDialog } from '../feedback/confirm-dialog.js';
import { useMay } from '../session/session.js';
import { RetryRun, type RunDetails } from './run.query.js';

/** Retries an incident in its place, and an ended run by another one, to which it then leads. */
export function RetryButton({ run, onChanged }: { readonly run: RunDetails; readonly onChanged: () => void }) {
  const mayOperate = useMay('operator');
  const navigate = useNavigate();
  const [, retry] = useMutation(RetryRun);
  const [isOpen, setOpen] = useState(false);
  if (!mayOperate || !run.canRetry) return null;
  const isInPlace = run.incidents.length > 0;
  // Of those it is said whether they happened, one by one.
  if (isInPlace && run.incidents.every(({ cause }) => cause === 'outcome-unknown')) return null;
  return (
    <>
      <Button variant="default" size="xs" leftSection={<IconRefresh size={15} stroke={1.7} />} onClick={() => setOpen(true)}>
        {isInPlace ? 'Retry step' : 'Retry run'}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        title={isInPlace ? 'Retry this step?' : 'Retry this run?'}
        about={run.id}
        action="Retry"
        dismissal="Not now"
        color="well"
        onClose={() => setOpen(false)}
        onConfirm={async (reason) => {
          const { data, error } = await retry({ id: run.id, reason });
          if (error) return describeFailure(error).message;
          const refusal = data?.retryRun.errors[0]?.message;
          onChanged();
          const next = data?.retryRun.run?.id;
          if (!refusal && next && next !== run.id) void navigate({ to: '/runs/$runId', params: { runId: next } });
          return refusal;
        }}
      >
        {isInPlace
          ? 'The step begins again with a new count of attempts, and the run goes on from there.'
          : 'Another run begins, linked to this one. It takes over what finished steps did, and goes on with the step that did not.'}
      </ConfirmDialog>
    </>
  );
}
