import { Button, Group, Select, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { TimeRange } from '../runs/time-range.js';
import { useWorkflows } from '../workflows/use-workflows.js';
import { readLetterFilter, type LetterFilter } from './letter-filter.js';

export function LettersToolbar({ filter }: { readonly filter: LetterFilter }) {
  const navigate = useNavigate({ from: '/dead-letters' });
  const workflows = useWorkflows();
  const go = (change: Partial<Record<keyof LetterFilter, string | null>>) =>
    void navigate({ search: readLetterFilter({ ...filter, ...change }), replace: true });
  return (
    <Group gap="xs" mb="sm" role="search" aria-label="Filter the dead letters">
      <Select
        size="xs"
        w={200}
        placeholder="All workflows"
        aria-label="Workflow"
        clearable
        searchable
        data={workflows.map(({ name, title }) => ({ value: name, label: title }))}
        value={filter.workflow ?? null}
        onChange={(workflow) => go({ workflow })}
      />
      <CodeInput key={filter.code ?? ''} code={filter.code ?? ''} onChange={(code) => go({ code })} />
      <TimeRange filter={filter} label="Failed when" onChange={go} />
      {Object.keys(filter).length > 0 ? (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconX size={12} />}
          onClick={() => void navigate({ search: {}, replace: true })}
        >
          Clear
        </Button>
      ) : null}
    </Group>
  );
}

/** Asks when one is done typing: by Enter, or by going on. */
function CodeInput({ code, onChange }: { readonly code: string; readonly onChange: (code: string) => void }) {
  const [text, setText] = useState(code);
  const apply = () => {
    if (text.trim() !== code) onChange(text);
  };
  return (
    <TextInput
      size="xs"
      w={200}
      aria-label="Code of the error"
      placeholder="Code of the error"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={apply}
      onKeyDown={(event) => event.key === 'Enter' && apply()}
    />
  );
}
