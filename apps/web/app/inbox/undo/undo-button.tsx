import { Button } from '@mantine/core';
import { KeyHint } from '../../actions/key-hint.js';
import { formatDuration } from '../../time/format-duration.js';
import { useNow } from '../../time/ticking-now.js';
import type { TaskState } from '../task/task.query.js';
import { undoLeft } from './undo-left.js';
import classes from './undo-button.module.css';

interface UndoButtonProps {
  readonly task: TaskState;
  readonly onUndo: () => void;
}

/** Takes one's decision back; gone when that is no longer possible. */
export function UndoButton({ task, onUndo }: UndoButtonProps) {
  const left = undoLeft(task, useNow(1_000));
  if (left <= 0) return null;
  return (
    <Button data-action="inbox.undo" size="compact-xs" variant="default" className="numbers" onClick={onUndo}>
      Undo ({formatDuration(Math.ceil(left / 1_000) * 1_000)})
      <KeyHint of="inbox.undo" className={classes.key} />
    </Button>
  );
}
