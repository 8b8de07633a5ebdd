import { Kbd } from '@mantine/core';
import { IconHandClick } from '@tabler/icons-react';
import { EmptyState } from '../feedback/empty-state.js';

export function NothingChosen() {
  return (
    <EmptyState icon={<IconHandClick size={32} stroke={1.4} />} title="Choose a task">
      <Kbd size="xs">j</Kbd> and <Kbd size="xs">k</Kbd> move through the list, <Kbd size="xs">Enter</Kbd> opens, <Kbd size="xs">?</Kbd>{' '}
      shows all keys.
    </EmptyState>
  );
}
