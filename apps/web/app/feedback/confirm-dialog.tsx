import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { withLocalTimes } from '../time/local-times.js';
import { useKeptText } from './use-kept-text.js';

interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** The id of what it is about: what was written of it outlives the part of the page that asks. */
  readonly about?: string;
  readonly children: ReactNode;
  /** The verb on the button. */
  readonly action: string;
  /** What one presses who changes his mind. */
  readonly dismissal?: string;
  /** Of the button: red for what ends something. */
  readonly color?: string;
  /** False for what leaves no trace of why; `required` where nothing is done without. */
  readonly asksReason?: boolean | 'required';
  readonly onClose: () => void;
  /** @returns a sentence when it did not work, undefined when it did */
  readonly onConfirm: (reason: string | null) => Promise<string | undefined>;
}

/** Asks before something that cannot be taken back, and for the reason why. However it is closed, the words are there when it opens again. */
export function ConfirmDialog({
  isOpen,
  title,
  about,
  children,
  action,
  dismissal = 'Keep it',
  // Dark enough for white letters in both schemes.
  color = 'red.9',
  asksReason = true,
  onClose,
  onConfirm,
}: ConfirmDialogProps) {
  const own = useId();
  const [reason, setReason, forgetReason] = useKeptText(`${about ?? own} ${title}`);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  const close = () => {
    setFailure(undefined);
    onClose();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const sentence = await onConfirm(reason.trim() || null);
    setBusy(false);
    if (sentence === undefined) {
      forgetReason();
      close();
    } else setFailure(withLocalTimes(sentence));
  };

  return (
    <Modal opened={isOpen} onClose={close} title={title}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text component="div" size="sm">
            {children}
          </Text>
          {asksReason ? (
            <Textarea
              label={asksReason === 'required' ? 'Reason' : 'Reason (optional)'}
              required={asksReason === 'required'}
              description="It is kept in the history."
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              autosize
              minRows={2}
              data-autofocus
            />
          ) : null}
          {failure ? (
            <Alert color="red" variant="light" p="xs" role="alert">
              {failure}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {dismissal}
            </Button>
            <Button type="submit" color={color} loading={isBusy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
