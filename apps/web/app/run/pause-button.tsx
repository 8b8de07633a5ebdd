import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ConfirmDialog } from '../feedback/confirm-dialog.js';
import { useMay } from '../session/session.js';
import { PauseRun, ResumeRun, type RunDetails } from './run.query.js';

export function PauseButton({ run, onChanged }: { readonly run: RunDetails; readonly onChanged: () => void }) {
  const mayOperate = useMay('operator');
  const [, pause] = useMutation(PauseRun);
  const [{ fetching: isResuming }, resume] = useMutation(ResumeRun);
  const [isOpen, setOpen] = useState(false);
  if (!mayOperate) return null;
  if (run.status === 'paused') {
    const onResume = async () => {
      const { data, error } = await resume({ id: run.id });
      const message = error ? describeFailure(error).message : data?.resumeRun.errors[0]?.message;
      if (message !== undefined) notifications.show({ color: 'red', title: 'That did not work', message });
      onChanged();
    };
    return (
      <Button
        aria-label="Resume the run"
        size="xs"
        leftSection={<IconPlayerPlay size={15} stroke={1.7} />}
        loading={isResuming}
        onClick={() => void onResume()}
      >
        Resume
      </Button>
    );
  }
  if (!run.canPause) return null;
  return (
    <>
      <Button
        aria-label="Pause the run"
        variant="default"
        size="xs"
        leftSection={<IconPlayerPause size={15} stroke={1.7} />}
        onClick={() => setOpen(true)}
      >
        Pause
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        title="Pause this run?"
        about={run.id}
        action="Pause"
        dismissal="Let it run"
        color="well"
        onClose={() => setOpen(false)}
        onConfirm={async (reason) => {
          const { data, error } = await pause({ id: run.id, reason });
          onChanged();
          return error ? describeFailure(error).message : data?.pauseRun.errors[0]?.message;
        }}
      >
        Steps that run may finish; nothing else begins until somebody resumes it. What comes meanwhile is kept: answers, events, timers.
      </ConfirmDialog>
    </>
  );
}
