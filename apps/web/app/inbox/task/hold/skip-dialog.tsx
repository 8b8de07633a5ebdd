import { notifications } from '@mantine/notifications';
import { ConfirmDialog } from '../../../feedback/confirm-dialog.js';
import type { WantedNext } from '../desk/desk-api.js';
import type { Completed, TaskDesk } from '../desk/task-desk.js';

interface SkipDialogProps {
  readonly desk: TaskDesk;
  readonly isOpen: boolean;
  readonly next: WantedNext;
  readonly onClose: () => void;
  readonly onSkipped: (skipped: Completed) => void;
}

export function SkipDialog({ desk, isOpen, next, onClose, onSkipped }: SkipDialogProps) {
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title="Skip this task?"
      about={desk.getState().task.id}
      action="Skip"
      dismissal="Stay here"
      color="well"
      asksReason="required"
      onClose={onClose}
      onConfirm={async (reason) => {
        const skipped = await desk.skip(reason ?? '', next);
        if ('refused' in skipped) return skipped.refused;
        notifications.show({ message: 'Skipped: it comes to you again when nothing else is free.' });
        onSkipped(skipped);
        return undefined;
      }}
    >
      Others can take it, and your draft is kept for them. You get it again when nothing else is free.
    </ConfirmDialog>
  );
}
