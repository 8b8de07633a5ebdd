import { Alert, Button, Group } from '@mantine/core';
import { RelativeTime } from '../../time/relative-time.js';
import { ValueView } from '../../values/value-view.js';
import type { Refusal } from './desk/refusal.js';
import type { TaskDesk } from './desk/task-desk.js';
import { homeless, inSentences } from '../../form/field-errors.js';

interface RefusalNoteProps {
  readonly desk: TaskDesk;
  readonly refusal: Refusal | undefined;
  readonly fieldNames: ReadonlySet<string>;
}

/** Why the server did not do what was asked, and what one can do now. What was typed stays in the form below. */
export function RefusalNote({ desk, refusal, fieldNames }: RefusalNoteProps) {
  switch (refusal?.kind) {
    case undefined:
    case 'closed':
      return null;
    case 'fields':
      return <FieldsNote refusal={refusal} fieldNames={fieldNames} />;
    case 'claimed':
      return (
        <Note
          color="yellow"
          title={`${refusal.by ?? 'Somebody'} ${refusal.wasMine ? 'has taken this task over' : 'is working on this task'}`}
          onClose={() => desk.dismissRefusal()}
        >
          {refusal.until ? (
            <>
              It becomes free <RelativeTime at={refusal.until} /> unless it is decided before.{' '}
            </>
          ) : null}
          {refusal.wasMine
            ? 'What you saved is kept; what you type from now on is not saved.'
            : 'What you typed stays here, but is not saved.'}
        </Note>
      );
    case 'draft':
      return <TwoDrafts desk={desk} refusal={refusal} />;
    case 'version':
      return (
        <Note color="yellow" title="The task changed meanwhile" onClose={() => desk.dismissRefusal()}>
          Look it over, then complete it again: your answer is kept.
        </Note>
      );
    case 'failure':
    case 'other':
      return (
        <Note color="red" title="That did not work" onClose={() => desk.dismissRefusal()}>
          {refusal.message}
        </Note>
      );
  }
}

function FieldsNote({ refusal, fieldNames }: { readonly refusal: Refusal; readonly fieldNames: ReadonlySet<string> }) {
  const elsewhere = homeless(refusal.fields, fieldNames);
  return (
    <Note color="red" title="Please check the answer">
      {elsewhere.length > 0 ? inSentences(elsewhere) : 'What to change stands beside each field.'}
    </Note>
  );
}

function TwoDrafts({ desk, refusal }: { readonly desk: TaskDesk; readonly refusal: Refusal }) {
  return (
    <Note color="yellow" title="Another draft was saved meanwhile">
      From another tab, or by whoever held the task in between. Yours is in the form below; the other one says:
      <div style={{ margin: '6px 0' }}>
        <ValueView value={refusal.task?.draft ?? null} />
      </div>
      <Group gap="xs">
        <Button size="compact-xs" onClick={() => desk.keepMine()}>
          Keep mine
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => desk.takeTheirs()}>
          Take the other
        </Button>
      </Group>
    </Note>
  );
}

interface NoteProps {
  readonly color: string;
  readonly title: string;
  readonly children: React.ReactNode;
  readonly onClose?: () => void;
}

function Note({ color, title, children, onClose }: NoteProps) {
  const closing = onClose ? { withCloseButton: true, closeButtonLabel: 'Dismiss', onClose } : {};
  return (
    <Alert color={color} variant="light" p="xs" mb="sm" title={title} role="alert" tabIndex={-1} {...closing}>
      {children}
    </Alert>
  );
}
