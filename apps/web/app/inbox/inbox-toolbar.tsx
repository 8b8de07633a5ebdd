import { ActionIcon, SegmentedControl, Select, Tooltip } from '@mantine/core';
import { IconPlayerTrackNext } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useHint } from '../actions/use-actions.js';
import { useWorkflows } from '../workflows/use-workflows.js';
import type { InboxFilter } from './inbox-filter.js';
import classes from './inbox-toolbar.module.css';

interface InboxToolbarProps {
  readonly filter: InboxFilter;
  readonly onNext: () => void;
  readonly isNextBusy: boolean;
}

export function InboxToolbar({ filter, onNext, isNextBusy }: InboxToolbarProps) {
  const navigate = useNavigate({ from: '/inbox' });
  const workflows = useWorkflows();
  const { show, ...rest } = filter;
  const choices = workflows.filter(({ isEmitter }) => !isEmitter).map(({ name, title }) => ({ value: name, label: title }));

  return (
    <div className={classes.bar} role="search" aria-label="Filter the tasks">
      <SegmentedControl
        size="xs"
        value={show ?? 'waiting'}
        aria-label="Which tasks"
        data={[
          { value: 'waiting', label: 'Waiting' },
          { value: 'mine', label: 'Mine' },
          { value: 'decided', label: 'Decided' },
        ]}
        onChange={(value) => void navigate({ search: value === 'mine' || value === 'decided' ? { ...rest, show: value } : rest })}
      />
      <Select
        size="xs"
        className={classes.workflow}
        placeholder="All workflows"
        aria-label="Workflow"
        clearable
        data={choices}
        value={filter.workflow ?? null}
        onChange={(workflow) => void navigate({ search: { ...(show ? { show } : {}), ...(workflow ? { workflow } : {}) } })}
      />
      <Tooltip label={useHint('Claim the next free task', 'inbox.next')}>
        <ActionIcon aria-label="Claim the next free task" loading={isNextBusy} onClick={onNext}>
          <IconPlayerTrackNext size={18} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
