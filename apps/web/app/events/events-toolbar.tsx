import { ActionIcon, Group, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { readEventFilter, type EventFilter } from './event-filter.js';

const FIELDS = [
  { field: 'name', label: 'Name', placeholder: 'Name of the event', width: 200 },
  { field: 'key', label: 'Idempotency key', placeholder: 'Idempotency key', width: 180 },
  { field: 'run', label: 'Run', placeholder: 'Id of a run', width: 290 },
] as const;

export function EventsToolbar({ filter }: { readonly filter: EventFilter }) {
  const navigate = useNavigate({ from: '/events' });
  return (
    <Group gap="xs" mb="sm" role="search" aria-label="Filter the events">
      {FIELDS.map(({ field, ...rest }) => (
        <FilterInput
          key={`${field} ${filter[field] ?? ''}`}
          {...rest}
          value={filter[field] ?? ''}
          onChange={(text) => void navigate({ search: readEventFilter({ ...filter, [field]: text }), replace: true })}
        />
      ))}
    </Group>
  );
}

interface FilterInputProps {
  readonly label: string;
  readonly placeholder: string;
  readonly width: number;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** Asks when one is done typing: by Enter, or by going on. */
function FilterInput({ label, placeholder, width, value, onChange }: FilterInputProps) {
  const [text, setText] = useState(value);
  const apply = () => {
    if (text.trim() !== value) onChange(text);
  };
  return (
    <TextInput
      size="xs"
      flex="1 1 140px"
      maw={width}
      aria-label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={apply}
      onKeyDown={(event) => event.key === 'Enter' && apply()}
      rightSection={
        value === '' ? null : (
          <ActionIcon size="xs" aria-label={`Any ${label.toLowerCase()}`} onClick={() => onChange('')}>
            <IconX size={13} />
          </ActionIcon>
        )
      }
    />
  );
}
