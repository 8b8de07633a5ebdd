import { Alert, Button, Group, JsonInput, Modal, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { inSentences } from '../form/field-errors.js';
import type { Json } from '../graphql.js';
import { EmitEvent } from './events.query.js';

/** Says something in the name of the person: what listens to it does what it does. */
export function EmitDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const navigate = useNavigate();
  const [{ fetching }, emit] = useMutation(EmitEvent);
  const [name, setName] = useState('');
  const [payload, setPayload] = useState('{}');
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<{ readonly payload?: string; readonly other?: string }>({});

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const value = parsed(payload);
    if ('problem' in value) return setProblem({ payload: value.problem });
    const { data, error } = await emit({ name: name.trim(), payload: value.json, idempotencyKey: key.trim() || null });
    if (error) return setProblem({ other: describeFailure(error).message });
    const [refusal] = data?.emitEvent.errors ?? [];
    if (refusal) return setProblem(refusal.path?.length ? { payload: inSentences([refusal], 'payload') } : { other: refusal.message });
    setProblem({});
    onClose();
    const eventId = data?.emitEvent.event?.id;
    if (eventId !== undefined) await navigate({ to: '/events/$eventId', params: { eventId } });
  };

  return (
    <Modal opened={isOpen} onClose={onClose} title="Emit an event">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            description="As the workflows that listen have it."
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <JsonInput
            label="Payload"
            description="JSON"
            value={payload}
            onChange={setPayload}
            error={problem.payload}
            validationError="This is no JSON."
            autosize
            minRows={4}
            maxRows={16}
            formatOnBlur
          />
          <TextInput
            label="Idempotency key (optional)"
            description="Kept with the event. Two events with one key are two events, unless a listener takes each key once."
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          {problem.other ? (
            <Alert color="red" variant="light" p="xs" role="alert">
              {problem.other}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching} disabled={name.trim() === ''}>
              Emit
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function parsed(text: string): { readonly json: Json } | { readonly problem: string } {
  try {
    return { json: text.trim() === '' ? null : (JSON.parse(text) as Json) };
  } catch (error) {
    return { problem: `This is no JSON: ${(error as Error).message}` };
  }
}
