import { Chip, Group, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { humaniseKey } from '../values/humanise-key.js';
import { useWorkflows } from '../workflows/use-workflows.js';
import { readStatuses, RUN_STATUSES, writeStatuses, type RunFilter } from './run-filter.js';

export function RunsToolbar({ filter }: { readonly filter: RunFilter }) {
  const navigate = useNavigate({ from: '/runs' });
  const workflows = useWorkflows();
  const go = ({ status, workflow }: { status?: string | undefined; workflow?: string | null | undefined }) =>
    void navigate({ search: { ...(status ? { status } : {}), ...(workflow ? { workflow } : {}) }, replace: true });

  return (
    <Group gap="xs" mb="sm" role="search" aria-label="Filter the runs">
      <Select
        size="xs"
        w={210}
        placeholder="All workflows"
        aria-label="Workflow"
        clearable
        searchable
        data={workflows.map(({ name, title }) => ({ value: name, label: title }))}
        value={filter.workflow ?? null}
        onChange={(workflow) => go({ ...filter, workflow })}
      />
      <Chip.Group
        multiple
        value={[...readStatuses(filter.status)]}
        onChange={(statuses) => go({ ...filter, status: writeStatuses(statuses) })}
      >
        <Group gap={5} role="group" aria-label="Status">
          {RUN_STATUSES.map((status) => (
            <Chip key={status} value={status} size="xs" radius="md" variant="light">
              {humaniseKey(status)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Group>
  );
}
