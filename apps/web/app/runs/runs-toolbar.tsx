import { Button, Chip, Group, Select } from '@mantine/core';
import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ClearButton, WorkflowFilter } from '../list/list-toolbar.js';
import { StatusDot } from '../status/status-badge.js';
import { humaniseKey } from '../values/humanise-key.js';
import { isFiltered, readRunFilter, readStatuses, RUN_STATUSES, STARTERS, writeStatuses, type RunFilter } from './run-filter.js';
import { RunSearch } from './run-search.js';
import { startWords } from './start-words.js';
import { TimeRange } from './time-range.js';
import { WAIT_REASONS, waitWords } from './wait-words.js';
import classes from './runs-toolbar.module.css';

interface RunsToolbarProps {
  readonly filter: RunFilter;
  /** The title, beside the search. */
  readonly children: ReactNode;
}

export function RunsToolbar({ filter, children }: RunsToolbarProps) {
  const navigate = useNavigate({ from: '/runs' });
  const go = (change: Partial<Record<keyof RunFilter, string | null | undefined>>) =>
    void navigate({ search: readRunFilter({ ...filter, ...change }), replace: true });
  const isIncidents = filter.waits === 'incident';

  return (
    <div role="search" aria-label="Filter the runs" className={classes.toolbar}>
      <div className={classes.head}>
        {children}
        <span className={classes.spring} />
        <RunSearch text={filter.q ?? ''} onSearch={(q) => go({ q })} />
      </div>
      <div className={classes.filters}>
        <Group gap={5} role="group" aria-label="Status" wrap="nowrap">
          <Chip.Group
            multiple
            value={[...readStatuses(filter.status)]}
            onChange={(statuses) => go({ status: writeStatuses(statuses), waits: null })}
          >
            {RUN_STATUSES.map((status) => (
              <Chip key={status} value={status} size="xs" radius="md" variant="light" icon={<StatusDot status={status} />}>
                {humaniseKey(status)}
              </Chip>
            ))}
          </Chip.Group>
          <Chip
            size="xs"
            radius="md"
            variant="light"
            color="yellow"
            icon={<IconAlertTriangle size={11} />}
            checked={isIncidents}
            onChange={() => go({ waits: isIncidents ? null : 'incident', status: null })}
          >
            Incidents
          </Chip>
        </Group>
        <span className={classes.rule} />
        <WorkflowFilter value={filter.workflow} onChange={(workflow) => go({ workflow })} />
        <TimeRange filter={filter} onChange={go} />
        <Select
          size="xs"
          w={150}
          placeholder="Started by…"
          aria-label="Started by"
          clearable
          data={STARTERS.map((starter) => ({ value: starter, label: `Started ${startWords(starter)}` }))}
          value={filter.by ?? null}
          onChange={(by) => go({ by })}
        />
        <Select
          size="xs"
          w={170}
          placeholder="Waits for…"
          aria-label="Waits for"
          clearable
          data={WAIT_REASONS.map((reason) => ({ value: reason, label: `Waits for ${waitWords([reason])}` }))}
          value={filter.waits ?? null}
          onChange={(waits) => go({ waits, status: null })}
        />
        {filter.session === undefined ? null : (
          <Button
            size="compact-xs"
            variant="light"
            color="gray"
            rightSection={<IconX size={12} />}
            aria-label={`session ${filter.session}: take it out of the filter`}
            onClick={() => go({ session: null })}
          >
            session {filter.session}
          </Button>
        )}
        {isFiltered(filter) ? <ClearButton onClear={() => void navigate({ search: {}, replace: true })} /> : null}
      </div>
    </div>
  );
}
