import { ActionIcon, Tooltip } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { registry, useHint } from '../use-actions.js';

/** For those who have no keyboard, or have not yet found the key. */
export function PaletteButton() {
  return (
    <Tooltip label={useHint('Find or do', 'shell.palette')}>
      <ActionIcon aria-label="Find or do" onClick={() => registry.run('shell.palette')}>
        <IconSearch size={18} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
