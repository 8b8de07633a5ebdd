import { IconAlertTriangle, IconCloudCheck, IconCloudUp, IconPencil } from '@tabler/icons-react';
import type { DraftStatus } from './desk/draft-saver.js';
import classes from './draft-note.module.css';

const NOTES = {
  unsaved: { words: 'Not saved yet', Icon: IconPencil },
  saving: { words: 'Saving…', Icon: IconCloudUp },
  saved: { words: 'Draft saved', Icon: IconCloudCheck },
  failed: { words: 'Not saved, trying again', Icon: IconAlertTriangle },
  refused: { words: 'Not saved', Icon: IconAlertTriangle },
} as const;

/** Whether what was typed is safe. Always takes its place, so that nothing moves when it changes. */
export function DraftNote({ status }: { readonly status: DraftStatus }) {
  const note = status === 'clean' ? undefined : NOTES[status];
  return (
    <span className={classes.note} data-status={status} role="status" data-draft={status}>
      {note ? (
        <>
          <note.Icon size={14} stroke={1.8} aria-hidden="true" />
          {note.words}
        </>
      ) : null}
    </span>
  );
}
