import { Button } from '@mantine/core';
import { IconMailOff, IconRefresh } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ConfirmDialog } from '../feedback/confirm-dialog.js';
import { DismissDeadLetter, ReinjectRun } from './dead-letters.query.js';

/** As it is: another run goes on where this one failed. */
export function RetryLetterButton({ runId }: { readonly runId: string }) {
  const navigate = useNavigate();
  const [, reinject] = useMutation(ReinjectRun);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" size="xs" leftSection={<IconRefresh size={15} stroke={1.7} />} onClick={() => setOpen(true)}>
        Retry as it is
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        title="Retry this run?"
        action="Retry"
        dismissal="Not now"
        color="well"
        onClose={() => setOpen(false)}
        onConfirm={async (reason) => {
          const { data, error } = await reinject({ id: runId, reason });
          if (error) return describeFailure(error).message;
          const next = data?.reinjectRun.run?.id;
          if (next) void navigate({ to: '/runs/$runId', params: { runId: next } });
          return data?.reinjectRun.errors[0]?.message;
        }}
      >
        Another run begins, linked to this one. It takes over what finished steps did, and goes on with the step that did not.
      </ConfirmDialog>
    </>
  );
}

export function DismissButton({ runId }: { readonly runId: string }) {
  const navigate = useNavigate();
  const [, dismiss] = useMutation(DismissDeadLetter);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        aria-label="Dismiss the dead letter"
        variant="default"
        size="xs"
        leftSection={<IconMailOff size={15} stroke={1.7} />}
        onClick={() => setOpen(true)}
      >
        Dismiss
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        title="Dismiss this dead letter?"
        action="Dismiss"
        color="well"
        onClose={() => setOpen(false)}
        onConfirm={async (reason) => {
          const { data, error } = await dismiss({ id: runId, reason });
          if (error) return describeFailure(error).message;
          const refusal = data?.dismissDeadLetter.errors[0]?.message;
          if (refusal === undefined) void navigate({ to: '/dead-letters' });
          return refusal;
        }}
      >
        Nothing more is to be done. It leaves the list, and its run stays failed.
      </ConfirmDialog>
    </>
  );
}
