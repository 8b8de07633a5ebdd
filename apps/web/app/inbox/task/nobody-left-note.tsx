import { Alert } from '@mantine/core';

/** Above a task that would wait for ever. */
export function NobodyLeftNote() {
  return (
    <Alert color="red" variant="light" p="xs" mb="sm" role="note" aria-label="Nobody left">
      Nobody is left who may decide this task. An operator reassigns it.
    </Alert>
  );
}
