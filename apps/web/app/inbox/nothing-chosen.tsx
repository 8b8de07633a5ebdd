import { IconHandClick } from '@tabler/icons-react';
import { KeyHint } from '../actions/key-hint.js';
import { useKeyOf } from '../actions/use-actions.js';
import { EmptyState } from '../feedback/empty-state.js';

export function NothingChosen() {
  const hasMoves = useKeyOf('inbox.down') !== undefined;
  return (
    <EmptyState icon={<IconHandClick size={32} stroke={1.4} />} title="Choose a task">
      {hasMoves ? (
        <>
          <KeyHint of="inbox.down" /> and <KeyHint of="inbox.up" /> move through the list, <KeyHint of="inbox.answer" /> opens.{' '}
        </>
      ) : null}
      <KeyHint of="shell.palette" /> finds everything.
    </EmptyState>
  );
}
