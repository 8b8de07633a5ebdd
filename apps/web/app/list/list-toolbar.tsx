// The filter above a list. What is asked for stands in the address; these give it to the page as it changes.
import { ActionIcon, Button, Group, Select, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useWorkflows } from '../workflows/use-workflows.js';
import classes from './list.module.css';

interface ListToolbarProps {
  /** What a screen reader calls it. */
  readonly label: string;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
  readonly children: ReactNode;
}

export function ListToolbar({ label, isFiltered, onClear, children }: ListToolbarProps) {
  return (
    <Group gap="xs" className={classes.filters} role="search" aria-label={label}>
      {children}
      {isFiltered ? <ClearButton onClear={onClear} /> : null}
    </Group>
  );
}

export function ClearButton({ onClear }: Pick<ListToolbarProps, 'onClear'>) {
  return (
    <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconX size={12} />} onClick={onClear}>
      Clear
    </Button>
  );
}

interface TextFilterProps {
  readonly label: string;
  readonly width: number;
  readonly value: string | undefined;
  readonly onChange: (text: string) => void;
}

/** Asks when one is done typing: by Enter, or by going on. */
export function TextFilter(props: TextFilterProps) {
  // What stands in the address is what is looked for: it takes the place of what was typed.
  return <TextField key={props.value ?? ''} {...props} />;
}

function TextField({ label, width, value = '', onChange }: TextFilterProps) {
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
      placeholder={label}
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

interface WorkflowFilterProps {
  readonly value: string | undefined;
  readonly onChange: (workflow: string | null) => void;
}

export function WorkflowFilter({ value, onChange }: WorkflowFilterProps) {
  const workflows = useWorkflows();
  return (
    <Select
      size="xs"
      w={200}
      placeholder="All workflows"
      aria-label="Workflow"
      clearable
      searchable
      data={workflows.map(({ name, title }) => ({ value: name, label: title }))}
      value={value ?? null}
      onChange={onChange}
    />
  );
}
