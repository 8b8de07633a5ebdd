import { Alert, Button, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { BrandMark } from '../brand/brand-mark.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import classes from './notifications.module.css';

/** For whoever holds the link of a message, signed in or not. Opening it does nothing: the button does. */
export function UnsubscribePage() {
  useDocumentTitle('No more mail');
  const [state, setState] = useState<'asking' | 'busy' | 'done'>('asking');
  const [failure, setFailure] = useState<string>();

  const leave = async () => {
    setState('busy');
    const response = await fetch(window.location.pathname, { method: 'POST' }).catch(() => undefined);
    if (response?.ok) return setState('done');
    const { message } = ((await response?.json().catch(() => undefined)) ?? {}) as { readonly message?: string };
    setState('asking');
    setFailure(message ?? 'The server cannot be reached. Try again in a while.');
  };

  return (
    <main className={classes.alone}>
      <Paper withBorder radius="md" className={classes.aloneCard}>
        <BrandMark size={36} />
        <h1 className={classes.title}>No more mail about tasks?</h1>
        {state === 'done' ? (
          <Alert variant="light" color="well" role="status">
            No more mail is sent to you. Under Notifications you can turn it on again.
          </Alert>
        ) : (
          <>
            <Text size="sm">Your tasks stay in your inbox; you are only not told of them by e-mail any more.</Text>
            {failure === undefined ? null : (
              <Alert color="red" variant="light" role="alert">
                {failure}
              </Alert>
            )}
            <div>
              <Button loading={state === 'busy'} onClick={() => void leave()}>
                Send me no more
              </Button>
            </div>
          </>
        )}
      </Paper>
    </main>
  );
}
