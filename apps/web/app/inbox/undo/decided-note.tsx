import { Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { isDecidable } from '../../status/status-tone.js';
import type { TaskDesk } from '../task/desk/task-desk.js';
import { UndoButton } from './undo-button.js';

export interface Decided {
  readonly desk: TaskDesk;
  readonly subject: string;
  readonly runId: string;
}

/** What the server has claimed with a decision or a skip. */
export interface ClaimedTask {
  readonly id: string;
  readonly subject: string;
}

export function DecidedNote({ desk, subject, runId, onUndo }: Decided & { readonly onUndo: () => void }) {
  const { task } = useSyncExternalStore(desk.subscribe, desk.getState);
  return (
    <Group gap="xs">
      <Text size="sm">
        {isDecidable(task.status) ? 'Your answer is kept' : 'Decided'}: {subject}.{' '}
        <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId }} {...props} />}>
          See its run
        </Anchor>
      </Text>
      <UndoButton task={task} onUndo={onUndo} />
    </Group>
  );
}
