// What one can do about who works on the task: claim, give back, take over, skip.
import { Button, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useHint } from '../../../actions/use-actions.js';
import { ConfirmDialog } from '../../../feedback/confirm-dialog.js';
import { formatTime } from '../../../time/format-instant.js';
import type { DeskState, TaskDesk } from '../desk/task-desk.js';

interface HoldButtonsProps {
  readonly desk: TaskDesk;
  readonly state: DeskState;
  readonly onClaim: () => void;
  readonly onRelease: () => void;
  readonly onSkip: () => void;
  readonly onChanged: () => void;
}

export function HoldButtons({ desk, state, onClaim, onRelease, onSkip, onChanged }: HoldButtonsProps) {
  const { isMine, claimedBy } = state.task;
  const skipHint = useHint('Leave it for later and for others, with a reason', 'task.skip');
  const claimHint = useHint('Nobody else can decide it meanwhile', 'task.claim');
  if (claimedBy && !isMine) return <TakeOver desk={desk} state={state} onChanged={onChanged} />;
  return (
    <>
      <Tooltip label={skipHint}>
        <Button data-action="task.skip" variant="default" size="xs" onClick={onSkip}>
          Skip
        </Button>
      </Tooltip>
      {isMine ? (
        <Tooltip label="Give it back to the others; your draft is kept">
          <Button data-action="task.release" variant="default" size="xs" loading={state.busy === 'release'} onClick={onRelease}>
            Release
          </Button>
        </Tooltip>
      ) : (
        <Tooltip label={claimHint}>
          <Button data-action="task.claim" variant="light" size="xs" loading={state.busy === 'claim'} onClick={onClaim}>
            Claim
          </Button>
        </Tooltip>
      )}
    </>
  );
}

function TakeOver({ desk, state: { task }, onChanged }: Pick<HoldButtonsProps, 'desk' | 'state' | 'onChanged'>) {
  const [isAsking, setAsking] = useState(false);
  const name = task.claimedBy?.name ?? 'Somebody';
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setAsking(true)}>
        Take over
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={`Take this task from ${name}?`}
        about={task.id}
        action="Take over"
        dismissal="Leave it"
        color="well"
        onClose={() => setAsking(false)}
        onConfirm={async (reason) => {
          const refused = await desk.takeOver(reason);
          onChanged();
          return refused;
        }}
      >
        {name} holds it{task.claimedUntil ? ` until ${formatTime(task.claimedUntil)}` : ''} and is told at once. The draft stays, and you go
        on with it; what {name} has typed since and not saved stays on that screen.
      </ConfirmDialog>
    </>
  );
}
