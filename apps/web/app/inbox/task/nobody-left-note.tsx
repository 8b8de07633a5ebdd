import { Alert } from '@mantine/core';
import { useMay } from '../../session/session.js';
import { ReassignButton } from './assignment/reassign-button.js';
import type { TaskDesk } from './desk/task-desk.js';

interface NobodyLeftNoteProps {
  readonly desk: TaskDesk;
  readonly onChanged: () => void;
}

/** Above a task that would wait for ever: with what helps, for whoever may do it. */
export function NobodyLeftNote({ desk, onChanged }: NobodyLeftNoteProps) {
  const isOperator = useMay('operator');
  return (
    <Alert color="red" variant="light" p="xs" mb="sm" role="note" aria-label="Nobody left">
      Nobody is left who may decide this task: whoever it is for has started its run or answered it already, or is not there.{' '}
      {isOperator ? (
        <>
          It waits until it is for somebody else.
          <div style={{ marginTop: 8 }}>
            <ReassignButton desk={desk} onChanged={onChanged} words="Give it to somebody else" />
          </div>
        </>
      ) : (
        'It waits until an operator gives it to somebody else.'
      )}
    </Alert>
  );
}
