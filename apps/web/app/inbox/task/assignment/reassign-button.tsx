import { Button, Select, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { ConfirmDialog } from '../../../feedback/confirm-dialog.js';
import { assigneeOptions, newAssignee } from './assignee-options.js';
import type { TaskDesk } from '../desk/task-desk.js';
import { PeopleQuery } from './assignment.query.js';

interface ReassignButtonProps {
  readonly desk: TaskDesk;
  readonly onChanged: () => void;
  /** What stands on it, where it is not the one of the header. */
  readonly words?: string;
}

/** Gives the task to somebody else, or to a group. Whoever may not is told so by the server. */
export function ReassignButton({ desk, onChanged, words }: ReassignButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const [to, setTo] = useState<string | null>(null);
  return (
    <>
      <Tooltip label="Give it to somebody else; the draft is kept">
        <Button aria-label={words ?? 'Reassign the task'} variant="default" size="xs" onClick={() => setOpen(true)}>
          {words ?? 'Reassign'}
        </Button>
      </Tooltip>
      {isOpen ? <ReassignDialog {...{ desk, onChanged, to, setTo }} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

interface ReassignDialogProps extends ReassignButtonProps {
  /** Kept by the button: closed by mistake, the choice is there again. */
  readonly to: string | null;
  readonly setTo: (to: string | null) => void;
  readonly onClose: () => void;
}

function ReassignDialog({ desk, onChanged, to, setTo, onClose }: ReassignDialogProps) {
  const [{ data }] = useQuery({ query: PeopleQuery, requestPolicy: 'network-only' });
  return (
    <ConfirmDialog
      isOpen
      title="Give this task to somebody else"
      about={desk.getState().task.id}
      action="Reassign"
      color="well"
      onClose={onClose}
      onConfirm={async (note) => {
        if (to === null) return 'Choose a person or a group.';
        const refused = await desk.reassign(newAssignee(to), note);
        if (refused === undefined) {
          setTo(null);
          onChanged();
        }
        return refused;
      }}
    >
      <Select
        label="To"
        placeholder="A person or a group"
        data={assigneeOptions(data?.people ?? []).map(({ group, items }) => ({ group, items: [...items] }))}
        value={to}
        onChange={setTo}
        searchable
        nothingFoundMessage="Nobody of that name"
      />
    </ConfirmDialog>
  );
}
