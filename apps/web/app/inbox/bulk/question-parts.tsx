import { Button, Group } from '@mantine/core';
import type { BulkAction, BulkOrder } from './bulk-actions.js';
import { byScreen, type ChosenTask } from './selection.js';
import classes from './bulk.module.css';

export interface BulkQuestionProps {
  readonly what: BulkAction;
  readonly tasks: readonly ChosenTask[];
  readonly onConfirm: (order: BulkOrder, tasks: readonly ChosenTask[]) => void;
  readonly onClose: () => void;
}

/** How many of which screens. */
export function Which({ tasks }: { readonly tasks: readonly ChosenTask[] }) {
  return (
    <ul className={classes.which} aria-label="Of which">
      {byScreen(tasks).map(({ key, title, workflow, tasks: some }) => (
        <li key={key}>
          <b className="numbers">{some.length.toLocaleString('en')}</b> × {title} <span className={classes.soft}>({workflow})</span>
        </li>
      ))}
    </ul>
  );
}

export function Confirm({ words, onClose }: { readonly words: string; readonly onClose: () => void }) {
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onClose}>
        Cancel
      </Button>
      <Button type="submit" color="well">
        {words}
      </Button>
    </Group>
  );
}
