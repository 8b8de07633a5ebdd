// What an operator may do with a session. Nothing of it is told to others: the page asks again.
import { Button, Checkbox } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconSquareCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ConfirmDialog } from '../feedback/confirm-dialog.js';
import { CompleteSession, PauseSession, ResumeSession, type SessionRow } from './run-sessions.query.js';
import { runWords } from './session-words.js';

interface SessionButtonProps {
  readonly session: SessionRow;
  readonly onChanged: () => void;
}

/** Pauses it, or lets it take new runs again; one whose time is over does neither. */
export function HoldSessionButton({ session: { name, state }, onChanged }: SessionButtonProps) {
  const isPaused = state === 'paused';
  const [{ fetching }, set] = useMutation(isPaused ? ResumeSession : PauseSession);
  const [isOpen, setOpen] = useState(false);
  if (state !== 'active' && !isPaused) return null;
  const change = async () => {
    const { data, error } = await set({ name });
    onChanged();
    return error ? describeFailure(error).message : data?.done.errors[0]?.message;
  };
  const Icon = isPaused ? IconPlayerPlay : IconPlayerPause;
  return (
    <>
      <Button
        aria-label={isPaused ? 'Resume the session' : 'Pause the session'}
        variant="default"
        size="xs"
        loading={fetching}
        leftSection={<Icon size={15} stroke={1.7} />}
        onClick={() => setOpen(true)}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        title={isPaused ? 'Resume this session?' : 'Pause this session?'}
        about={name}
        action={isPaused ? 'Resume' : 'Pause'}
        dismissal="Not now"
        color="well"
        asksReason={false}
        onClose={() => setOpen(false)}
        onConfirm={change}
      >
        {isPaused ? 'It takes new runs again.' : 'No new run begins in it until it is resumed. Those that it has go on.'}
      </ConfirmDialog>
    </>
  );
}

/** Closes it for good, and cancels its runs when one says so; what is left of a closed one is canceled later. */
export function EndSessionButton({ session: { name, state, runs }, onChanged }: SessionButtonProps) {
  const isClosed = state === 'completed';
  const [, complete] = useMutation(CompleteSession);
  const [isOpen, setOpen] = useState(false);
  const [cancels, setCancels] = useState(false);
  if (isClosed && runs.live === 0) return null;
  const cancelRuns = isClosed || cancels;
  const confirm = async (reason: string | null) => {
    const { data, error } = await complete({ name, cancelRuns, reason });
    onChanged();
    return error ? describeFailure(error).message : data?.completeSession.errors[0]?.message;
  };
  return (
    <>
      <Button
        aria-label={isClosed ? undefined : 'Close the session'}
        variant="default"
        size="xs"
        leftSection={<IconSquareCheck size={15} stroke={1.7} />}
        onClick={() => setOpen(true)}
      >
        {isClosed ? 'Cancel its runs' : 'Close'}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        title={isClosed ? 'Cancel the runs of this session?' : 'Close this session for good?'}
        about={name}
        action={isClosed ? 'Cancel its runs' : cancels ? 'Close, and cancel its runs' : 'Close'}
        color={cancelRuns ? 'red.9' : 'well'}
        asksReason={cancelRuns}
        onClose={() => setOpen(false)}
        onConfirm={confirm}
      >
        {isClosed
          ? `It has ${runWords(runs)}. Of those that are live no further step begins, and their open tasks are closed.`
          : 'It takes neither runs nor changes of its data any more, and is never opened again. Its runs go on, unless they are canceled.'}
        {isClosed || runs.live === 0 ? null : (
          <Checkbox
            mt="sm"
            checked={cancels}
            onChange={(event) => setCancels(event.currentTarget.checked)}
            label={`Cancel its runs, too (${runWords(runs)})`}
          />
        )}
      </ConfirmDialog>
    </>
  );
}
