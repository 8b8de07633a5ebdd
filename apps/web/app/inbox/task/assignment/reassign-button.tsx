import { Button, Select, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useClient, useQuery } from 'urql';
import { describeFailure } from '../../../connection/request-error.js';
import { ConfirmDialog } from '../../../feedback/confirm-dialog.js';
import { assigneeOptions, newAssignee } from './assignee-options.js';
import { PeopleQuery, ReassignTask } from './assignment.query.js';

interface ReassignButtonProps {
  readonly taskId: string;
  readonly onChanged: () => void;
}

/** Gives the task to somebody else, or to a group. Whoever may not is told so by the server. */
export function ReassignButton({ taskId, onChanged }: ReassignButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Tooltip label="Give it to somebody else; the draft is kept">
        <Button variant="default" size="xs" onClick={() => setOpen(true)}>
          Reassign
        </Button>
      </Tooltip>
      {isOpen ? <ReassignDialog taskId={taskId} onChanged={onChanged} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function ReassignDialog({ taskId, onChanged, onClose }: ReassignButtonProps & { readonly onClose: () => void }) {
  const client = useClient();
  const [{ data }] = useQuery({ query: PeopleQuery, requestPolicy: 'network-only' });
  const [to, setTo] = useState<string | null>(null);
  return (
    <ConfirmDialog
      isOpen
      title="Give this task to somebody else"
      action="Reassign"
      color="well"
      onClose={onClose}
      onConfirm={async (note) => {
        if (to === null) return 'Choose a person or a group.';
        const reply = await client.mutation(ReassignTask, { id: taskId, to: newAssignee(to), note }).toPromise();
        if (!reply.data) return reply.error ? describeFailure(reply.error).message : 'There was no answer; try again.';
        const [refused] = reply.data.reassignTask.errors;
        if (!refused) onChanged();
        return refused?.message;
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
