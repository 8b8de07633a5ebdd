import { Alert, Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type FormEvent } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ChangePassword } from './change-password.mutation.js';
import { useSession } from './session.js';

interface PasswordDialogProps {
  readonly isOpen: boolean;
  /** The password in use was made by the first start and printed on the terminal. */
  readonly isFirst: boolean;
  readonly onClose: () => void;
}

export default function PasswordDialog({ isOpen, isFirst, onClose }: PasswordDialogProps) {
  const { viewer, refresh } = useSession();
  const [{ fetching }, change] = useMutation(ChangePassword);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [problems, setProblems] = useState<{ current?: string | undefined; next?: string | undefined; other?: string | undefined }>({});

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { data, error } = await change({ current, next });
    if (error) return setProblems({ other: describeFailure(error).message });
    const errors = data?.changePassword.errors ?? [];
    if (errors.length === 0) {
      notifications.show({ message: 'Your new password is set.', color: 'well' });
      onClose();
      return refresh();
    }
    const of = (field: string) => errors.find(({ path }) => path?.at(-1) === field)?.message;
    setProblems({ current: of('current'), next: of('next'), other: errors.find(({ path }) => !path?.length)?.message });
  };

  return (
    <Modal opened={isOpen} onClose={onClose} title={isFirst ? 'Choose your own password' : 'Change password'} size="sm">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          {isFirst ? (
            <Text size="sm">You signed in with the one-time password that the first start printed. Replace it, now or later.</Text>
          ) : null}
          <input type="text" name="username" autoComplete="username" value={viewer.name} readOnly hidden />
          <PasswordInput
            label={isFirst ? 'One-time password' : 'Present password'}
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            error={problems.current}
            data-autofocus
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters; a sentence is easiest to keep."
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            error={problems.next}
          />
          {problems.other ? (
            <Alert color="red" variant="light" p="xs" role="alert">
              {problems.other}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {isFirst ? 'Later' : 'Cancel'}
            </Button>
            <Button type="submit" loading={fetching} disabled={current === '' || next === ''}>
              Set password
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
