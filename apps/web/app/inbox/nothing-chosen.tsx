import { IconHandClick } from '@tabler/icons-react';
import { KeyHint } from '../actions/key-hint.js';
import { useKeyOf } from '../actions/use-actions.js';
import { EmptyState } from '../feedback/empty-state.js';

export function NothingChosen() {
  const hasKeys = useKeyOf('inbox.down') !== undefined;
  return (
    <EmptyState icon={<IconHandClick size={32} stroke={1.4} />} title="Choose a task">
      {hasKeys ? (
        <>
          <KeyHint of="inbox.next" /> claims the next one for you. <KeyHint of="inbox.down" /> and <KeyHint of="inbox.up" /> move through
          the list, <KeyHint of="inbox.answer" /> opens.{' '}
        </>
      ) : null}
      <KeyHint of="shell.palette" /> finds everything.
    </EmptyState>
  );
}
