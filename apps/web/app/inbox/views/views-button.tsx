import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { IconLayoutList } from '@tabler/icons-react';
import { useState } from 'react';
import type { InboxFilter } from '../inbox-filter.js';
import { ViewList } from './view-list.js';
import type { Views } from './use-views.js';

/** The saved views, where there is no room for them beside the list. */
export function ViewsButton({ filter, views }: { readonly filter: InboxFilter; readonly views: Views }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" width={260} trapFocus shadow="md" closeOnClickOutside={false}>
      <Popover.Target>
        <Tooltip label="Saved views">
          <ActionIcon aria-label="Saved views" aria-haspopup="dialog" aria-expanded={isOpen} onClick={() => setOpen((before) => !before)}>
            <IconLayoutList size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Saved views" p={8}>
        <ViewList filter={filter} views={views} />
      </Popover.Dropdown>
    </Popover>
  );
}
