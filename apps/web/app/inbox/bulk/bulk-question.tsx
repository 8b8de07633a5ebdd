// Says what will be done to how many tasks of which screens, and asks for what it needs.
import { Alert, NumberInput, Select, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useQuery } from 'urql';
import { assigneeOptions, newAssignee } from '../task/assignment/assignee-options.js';
import { PeopleQuery } from '../task/assignment/assignment.query.js';
import { type BulkAction, type BulkOrder, inWords } from './bulk-actions.js';
import { DecideQuestion } from './decide-question.js';
import { type BulkQuestionProps, Confirm, Which } from './question-parts.js';

export function BulkQuestion(props: BulkQuestionProps) {
  return props.what === 'decide' ? <DecideQuestion {...props} /> : <OtherQuestion {...props} what={props.what} />;
}

function OtherQuestion({ what, tasks, onConfirm, onClose }: BulkQuestionProps & { readonly what: Exclude<BulkAction, 'decide'> }) {
  const [to, setTo] = useState<string | null>(null);
  const [priority, setPriority] = useState<number | string>('');
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const order = orderOf(what, { to, priority, reason: reason.trim() || null });
    setMissing(typeof order === 'string' ? order : undefined);
    if (typeof order !== 'string') onConfirm(order, tasks);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Which tasks={tasks} />
        {what === 'release' ? <Text size="sm">Whoever holds them holds them no longer. Their drafts stay.</Text> : null}
        {what === 'assign' ? <To value={to} onChange={setTo} /> : null}
        {what === 'prioritize' ? (
          <NumberInput
            label="Priority"
            description="Higher comes first; 0 is as usual."
            allowDecimal={false}
            value={priority}
            onChange={setPriority}
            data-autofocus
          />
        ) : null}
        <Textarea
          label="Reason (optional)"
          description="It is kept in the history of each."
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          autosize
          minRows={2}
          data-autofocus={what === 'release' || undefined}
        />
        {missing === undefined ? null : (
          <Alert color="red" variant="light" p="xs" role="alert">
            {missing}
          </Alert>
        )}
        <Confirm words={inWords(what, tasks.length)} onClose={onClose} />
      </Stack>
    </form>
  );
}

interface Said {
  readonly to: string | null;
  readonly priority: number | string;
  readonly reason: string | null;
}

/** @returns a sentence when something is missing */
function orderOf(what: Exclude<BulkAction, 'decide'>, { to, priority, reason }: Said): BulkOrder | string {
  if (what === 'release') return { what, reason };
  if (what === 'assign') return to === null ? 'Choose a person or a group.' : { what, to: newAssignee(to), reason };
  return priority === '' ? 'Say a priority.' : { what, priority: Number(priority), reason };
}

function To({ value, onChange }: { readonly value: string | null; readonly onChange: (value: string | null) => void }) {
  const [{ data }] = useQuery({ query: PeopleQuery, requestPolicy: 'cache-and-network' });
  return (
    <Select
      label="To"
      placeholder="A person or a group"
      description="Whoever holds them holds them no longer. Their drafts stay."
      data={assigneeOptions(data?.people ?? []).map(({ group, items }) => ({ group, items: [...items] }))}
      value={value}
      onChange={onChange}
      searchable
      nothingFoundMessage="Nobody of that name"
      data-autofocus
    />
  );
}
