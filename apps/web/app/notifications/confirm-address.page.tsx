import { Alert, Anchor, Button, Paper } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { ConfirmAddress } from './notifications.query.js';
import classes from './notifications.module.css';

/** Where the link leads that was sent to an address. Opening it confirms nothing, because programs open links: the button does. */
export function ConfirmAddressPage() {
  useDocumentTitle('Confirm your address');
  const { token } = useParams({ from: '/notifications/confirm/$token' });
  const [{ fetching, data, error }, confirm] = useMutation(ConfirmAddress);
  const [isAsked, setAsked] = useState(false);
  const address = data?.confirmNotificationAddress.settings?.address;
  const failure = error ? describeFailure(error).message : data?.confirmNotificationAddress.errors[0]?.message;

  return (
    <div className={classes.page}>
      <Paper withBorder radius="md" className={classes.card}>
        <h1 className={classes.title}>Confirm your address</h1>
        {address ? (
          <Alert variant="light" color="well" role="status">
            From now on you are told of your tasks at {address}.
          </Alert>
        ) : (
          <>
            <p className={classes.soft}>You asked for messages about your tasks at the address to which this link was sent.</p>
            {failure === undefined ? null : (
              <Alert color="red" variant="light" role="alert">
                {failure}
              </Alert>
            )}
            <div>
              <Button
                loading={fetching}
                disabled={isAsked && failure === undefined}
                onClick={() => {
                  setAsked(true);
                  void confirm({ token });
                }}
              >
                Confirm this address
              </Button>
            </div>
          </>
        )}
        <Anchor size="sm" renderRoot={(props) => <Link to="/notifications" {...props} />}>
          What you are told, and when
        </Anchor>
      </Paper>
    </div>
  );
}
