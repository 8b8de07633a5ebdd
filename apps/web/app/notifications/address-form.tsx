import { Badge, Button, Paper, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type FormEvent } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { type NotificationSettings, SetAddress } from './notifications.query.js';
import classes from './notifications.module.css';

interface AddressFormProps {
  readonly settings: NotificationSettings;
  readonly onChanged: () => void;
}

/** Where mail goes: nowhere, until the link that is sent there was opened. */
export function AddressForm({ settings: { address, isAddressVerified }, onChanged }: AddressFormProps) {
  const [{ fetching }, set] = useMutation(SetAddress);
  const [text, setText] = useState(address ?? '');
  const [problem, setProblem] = useState<string>();

  const send = async (to: string | null) => {
    const { data, error } = await set({ address: to });
    const failure = error ? describeFailure(error).message : data?.setNotificationAddress.errors[0]?.message;
    setProblem(failure);
    if (failure !== undefined) return;
    if (to === null) setText('');
    else notifications.show({ message: `A link is on its way to ${to}.` });
    onChanged();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(text.trim());
  };

  return (
    <Paper withBorder radius="md" className={classes.card} component="section" aria-labelledby="address-heading">
      <div className={classes.row}>
        <h2 id="address-heading" className={classes.heading}>
          Your e-mail address
        </h2>
        {address === null ? null : isAddressVerified ? (
          <Badge variant="light" color="well">
            Confirmed
          </Badge>
        ) : (
          <Badge variant="default">Waits for you to open the link</Badge>
        )}
      </div>
      <form onSubmit={submit} className={classes.row}>
        <TextInput
          className={classes.wide}
          label="Address"
          type="email"
          autoComplete="email"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={problem}
        />
        <Button
          type="submit"
          variant="default"
          loading={fetching}
          disabled={text.trim() === '' || (text.trim() === address && isAddressVerified)}
        >
          {text.trim() === address && !isAddressVerified ? 'Send the link again' : 'Send a link'}
        </Button>
        {address === null ? null : (
          <Button variant="subtle" color="red" onClick={() => void send(null)}>
            Remove
          </Button>
        )}
      </form>
      <p className={classes.soft}>A link is sent there. Until you have opened it, signed in as yourself, nothing else is.</p>
    </Paper>
  );
}
