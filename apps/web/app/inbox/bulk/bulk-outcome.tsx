import { Button, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Progress } from './bulk-run.js';
import { withLocalTimes } from '../../time/local-times.js';
import { counted } from './selection.js';
import classes from './bulk.module.css';

interface BulkOutcomeProps {
  readonly outcome: Progress;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

/** How many were done, and of each other one why not. */
export function BulkOutcome({ outcome: { done, left }, onAgain, onClose }: BulkOutcomeProps) {
  return (
    <Stack gap="sm">
      <Text size="sm">
        <b>{counted(done.length)} done</b>
        {left.length > 0 ? `, ${left.length.toLocaleString('en')} not. They stay selected.` : '.'}
      </Text>
      {left.length > 0 ? (
        <ul className={classes.left} aria-label="Not done" tabIndex={0}>
          {left.map(({ task, reason }) => (
            <li key={task.id}>
              <Link to="/inbox/$taskId" params={{ taskId: task.id }} search={true} onClick={onClose}>
                {task.subject}
              </Link>
              <span>{withLocalTimes(reason)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <Group justify="flex-end" gap="xs">
        {left.length > 0 ? (
          <Button variant="default" onClick={onAgain}>
            Try these again
          </Button>
        ) : null}
        <Button autoFocus onClick={onClose}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}
