import { Checkbox, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../../connection/request-error.js';
import { ConfirmDialog } from '../../feedback/confirm-dialog.js';
import { toListing, type InboxFilter } from '../inbox-filter.js';
import { SaveInboxView, type InboxView } from './views.query.js';

interface SaveViewProps {
  readonly filter: InboxFilter;
  readonly views: readonly InboxView[];
  readonly mayShare: boolean;
  readonly onSaved: (id: string) => void;
  readonly onClose: () => void;
}

/** Gives what the list shows a name. The name of a view that one has is saved over. */
export function SaveView({ filter, views, mayShare, onSaved, onClose }: SaveViewProps) {
  const [name, setName] = useState('');
  const [isShared, setShared] = useState(false);
  const [, save] = useMutation(SaveInboxView);
  const same = views.find((view) => view.isMine && view.name === name.trim());
  return (
    <ConfirmDialog
      isOpen
      title="Save this view"
      action={same ? 'Save over it' : 'Save'}
      dismissal="Cancel"
      color="well"
      asksReason={false}
      onClose={onClose}
      onConfirm={async () => {
        const { filter: kept, order } = toListing(filter);
        const { data, error } = await save({ id: same?.id ?? null, name, filter: kept ?? null, order: order ?? null, isShared });
        if (error) return describeFailure(error).message;
        const id = data?.saveInboxView.view?.id;
        if (id === undefined) return data?.saveInboxView.errors.map(({ message }) => message).join(' ') ?? 'It was not saved.';
        onSaved(id);
        return undefined;
      }}
    >
      <TextInput
        label="Name"
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      {same ? (
        <Text size="xs" c="dimmed" mt={4}>
          You have a view of this name: it will show what the list shows now.
        </Text>
      ) : null}
      {mayShare ? (
        <Checkbox mt="sm" label="Share it with everybody" checked={isShared} onChange={(event) => setShared(event.currentTarget.checked)} />
      ) : null}
    </ConfirmDialog>
  );
}
