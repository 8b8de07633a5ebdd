import { Alert, Anchor } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { CombinedError } from '@urql/core';
import { describeFailure } from '../connection/request-error.js';

/** What is shown is older than it should be: the last refresh failed. */
export function FailureNote({ error, onRetry }: { readonly error: CombinedError; readonly onRetry: () => void }) {
  const { title, message } = describeFailure(error);
  return (
    <Alert color="yellow" variant="light" p="xs" m="xs" icon={<IconAlertTriangle size={16} />} title={title} role="status">
      {message}{' '}
      <Anchor component="button" type="button" size="sm" onClick={onRetry}>
        Try again
      </Anchor>
    </Alert>
  );
}
