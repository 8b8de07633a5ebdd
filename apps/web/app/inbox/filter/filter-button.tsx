import { ActionIcon, Button, Group, Indicator, NumberInput, Popover, Select, Stack, Text } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useWorkflows } from '../../workflows/use-workflows.js';
import { changed, TASK_ORDERS, type InboxFilter, type TaskOrder } from '../inbox-filter.js';
import { PeopleQuery } from '../task/assignment/assignment.query.js';
import { ColumnFilter } from './column-filter.js';
import { conditionsOf, ORDER_WORDS, withoutColumn } from './filter-words.js';
import { TimesFilter } from './times-filter.js';

interface FilterButtonProps {
  readonly filter: InboxFilter;
  readonly onChange: (filter: InboxFilter) => void;
}

/** Everything that tasks are filtered by, behind a button. Each change is in the address at once. */
export function FilterButton({ filter, onChange }: FilterButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const count = conditionsOf(filter).length;
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={300} trapFocus withinPortal shadow="md">
      <Indicator label={count} size={14} disabled={count === 0} offset={3}>
        <Popover.Target>
          <ActionIcon
            aria-label={count === 0 ? 'More filters' : `More filters, ${count} in use`}
            onClick={() => setOpen((before) => !before)}
          >
            <IconFilter size={18} stroke={1.6} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown aria-label="Filters" mah="calc(100dvh - 140px)" style={{ overflowY: 'auto' }}>
        <Fields filter={filter} onChange={onChange} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Fields({ filter, onChange }: FilterButtonProps) {
  const [{ data }] = useQuery({ query: PeopleQuery });
  const people = data?.people ?? [];
  const workflow = useWorkflows().find(({ name }) => name === filter.workflow);
  const set = (change: Parameters<typeof changed>[1]) => onChange(changed(filter, change));
  // What has ended waits for nobody, and is listed by age.
  const hasEnded = filter.show === 'decided';
  const [min = '', max = ''] = filter.priority?.split('..') ?? [];
  const setPriority = (lowest: string, highest: string) =>
    set({ priority: lowest === '' && highest === '' ? undefined : `${lowest}..${highest}` });

  return (
    <Stack gap="xs">
      <Select
        size="xs"
        label="Order"
        data={TASK_ORDERS.filter((order) => !hasEnded || order === 'opened' || order === 'newest').map((value) => ({
          value: value,
          label: ORDER_WORDS[value],
        }))}
        value={filter.order ?? (hasEnded ? 'newest' : 'priority')}
        onChange={(order) => set({ order: order === 'priority' ? undefined : ((order as TaskOrder | null) ?? undefined) })}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
      />
      {hasEnded ? null : (
        <>
          <Select
            size="xs"
            label="Assignee"
            placeholder="Anybody"
            data={[
              { value: 'me', label: 'Me' },
              { value: 'nobody', label: 'Nobody' },
              ...people.map(({ name, displayName }) => ({ value: `user:${name}`, label: displayName })),
            ]}
            value={filter.assignee ?? null}
            onChange={(assignee) => set({ assignee: assignee ?? undefined })}
            searchable
            clearable
            comboboxProps={{ withinPortal: false }}
          />
          <Select
            size="xs"
            label="Group"
            placeholder="Any"
            data={[...new Set([...people.flatMap(({ groups }) => groups), ...(filter.group ? [filter.group] : [])])].sort()}
            value={filter.group ?? null}
            onChange={(group) => set({ group: group ?? undefined })}
            searchable
            clearable
            nothingFoundMessage="No group of that name"
            comboboxProps={{ withinPortal: false }}
          />
        </>
      )}
      <TimesFilter label="Due" value={filter.due} onChange={(due) => set({ due })} />
      <TimesFilter label="Follow-up" value={filter.followUp} onChange={(followUp) => set({ followUp })} />
      <Group gap={6} grow>
        <NumberInput
          size="xs"
          label="Lowest priority"
          value={min === '' ? '' : Number(min)}
          allowDecimal={false}
          onChange={(value) => setPriority(String(value), max)}
        />
        <NumberInput
          size="xs"
          label="Highest priority"
          value={max === '' ? '' : Number(max)}
          allowDecimal={false}
          onChange={(value) => setPriority(min, String(value))}
        />
      </Group>
      {workflow ? (
        workflow.columns.map((column) => (
          <ColumnFilter
            key={`${workflow.name} ${column} ${filter.columns?.[column] ?? ''}`}
            workflow={workflow.name}
            column={column}
            value={filter.columns?.[column]}
            onChange={(value) =>
              set({ columns: value === undefined ? withoutColumn(filter.columns, column) : { ...filter.columns, [column]: value } })
            }
          />
        ))
      ) : (
        <Text size="xs" c="dimmed">
          Choose a workflow to filter by its columns.
        </Text>
      )}
      <Button
        size="compact-xs"
        variant="subtle"
        disabled={conditionsOf(filter).length === 0 && filter.order === undefined}
        onClick={() =>
          onChange({ ...(filter.show ? { show: filter.show } : {}), ...(filter.workflow ? { workflow: filter.workflow } : {}) })
        }
      >
        Clear these
      </Button>
    </Stack>
  );
}
