import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ConfirmDialog } from '../feedback/confirm-dialog.js';
import { useMay } from '../session/session.js';
import { PauseSchedule, ResumeSchedule, RunScheduleNow, type ScheduleDetails } from './schedules.query.js';

interface ScheduleActionsProps {
  readonly schedule: ScheduleDetails;
  readonly onChanged: () => void;
}

export function ScheduleActions({ schedule: { id, isPaused }, onChanged }: ScheduleActionsProps) {
  const mayOperate = useMay('operator');
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [, pause] = useMutation(PauseSchedule);
  const [{ fetching: isResuming }, resume] = useMutation(ResumeSchedule);
  const [{ fetching: isStarting }, runNow] = useMutation(RunScheduleNow);
  if (!mayOperate) return null;
  const tell = (message: string | undefined) => {
    if (message !== undefined) notifications.show({ color: 'red', title: 'That did not work', message });
  };
  const onResume = async () => {
    const { data, error } = await resume({ schedule: id });
    tell(error ? describeFailure(error).message : data?.resumeSchedule.errors[0]?.message);
    onChanged();
  };
  const onRunNow = async () => {
    const { data, error } = await runNow({ schedule: id });
    const run = data?.runScheduleNow.run;
    if (run) await navigate({ to: '/runs/$runId', params: { runId: run.id } });
    else tell(error ? describeFailure(error).message : data?.runScheduleNow.errors[0]?.message);
  };
  return (
    <Group gap="xs">
      {isPaused ? (
        <Button size="xs" leftSection={<IconPlayerPlay size={15} stroke={1.7} />} loading={isResuming} onClick={() => void onResume()}>
          Resume
        </Button>
      ) : (
        <Button variant="default" size="xs" leftSection={<IconPlayerPause size={15} stroke={1.7} />} onClick={() => setOpen(true)}>
          Pause
        </Button>
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlayerTrackNext size={15} stroke={1.7} />}
        loading={isStarting}
        onClick={() => void onRunNow()}
      >
        Run now
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        title="Pause this schedule?"
        action="Pause"
        dismissal="Leave it on"
        color="well"
        onClose={() => setOpen(false)}
        onConfirm={async (reason) => {
          const { data, error } = await pause({ schedule: id, reason });
          onChanged();
          return error ? describeFailure(error).message : data?.pauseSchedule.errors[0]?.message;
        }}
      >
        Nothing starts until somebody resumes it, over restarts and deploys. What comes due meanwhile is skipped; runs under way go on.
      </ConfirmDialog>
    </Group>
  );
}
