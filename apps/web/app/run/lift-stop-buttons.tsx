// A run that its workflow has stopped behind a step goes on when somebody says so: here, or by the text of that checkpoint.
import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ConfirmDialog } from '../feedback/confirm-dialog.js';
import { useMay } from '../session/session.js';
import { ExportCheckpoint, LiftStop } from './checkpoints.query.js';
import type { RunDetails } from './run.query.js';

interface LiftStopProps {
  readonly run: RunDetails;
  readonly onChanged: () => void;
}

/** One for each step behind which the run is stopped: it goes on when all of them are lifted. */
export function LiftStopButtons({ run, onChanged }: LiftStopProps) {
  const mayOperate = useMay('operator');
  if (!mayOperate || run.cancelRequestedAt !== null) return null;
  return run.stops.map((stop) => <LiftStopButton key={stop.seq} run={run} stop={stop} onChanged={onChanged} />);
}

function LiftStopButton({
  run,
  stop: { seq, path, iteration },
  onChanged,
}: LiftStopProps & { readonly stop: RunDetails['stops'][number] }) {
  const [isAsking, setAsking] = useState(false);
  const [, exportCheckpoint] = useMutation(ExportCheckpoint);
  const [, lift] = useMutation(LiftStop);
  const step = iteration ? `${path} [${iteration}]` : path;
  const confirm = async (reason: string | null): Promise<string | undefined> => {
    const { data: made, error: notMade } = await exportCheckpoint({ id: run.id, seq });
    if (notMade) return describeFailure(notMade).message;
    const text = made?.exportCheckpoint.checkpoint;
    if (!text) return made?.exportCheckpoint.errors[0]?.message ?? 'The server gave no checkpoint.';
    const { data, error } = await lift({ checkpoint: text, reason });
    onChanged();
    return error ? describeFailure(error).message : data?.runCheckpoint.errors[0]?.message;
  };
  return (
    <>
      <Button
        aria-label={`Go on behind ${step}`}
        size="xs"
        leftSection={<IconPlayerPlay size={15} stroke={1.7} />}
        onClick={() => setAsking(true)}
      >
        {run.stops.length > 1 ? `Go on behind ${step}` : 'Go on'}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={`Let the run go on behind ${step}?`}
        about={run.id}
        action="Go on"
        dismissal="Leave it stopped"
        color="well"
        onClose={() => setAsking(false)}
        onConfirm={confirm}
      >
        Its workflow has stopped it there, to be asked. It goes on at the next step with what it knows; to change its input first, run the
        checkpoint by the API. A text of this checkpoint that somebody keeps is used up by that.
        {run.stops.length > 1 ? ' It is stopped behind other steps as well, and waits for those, too.' : ''}
      </ConfirmDialog>
    </>
  );
}
