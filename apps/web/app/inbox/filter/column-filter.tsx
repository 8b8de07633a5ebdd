import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../../graphql.js';

const ColumnValuesQuery = graphql(`
  query ColumnValues($workflow: String!, $column: String!, $like: String) {
    columnValues(workflow: $workflow, column: $column, like: $like) {
      value
      count
    }
  }
`);

/** Long enough that one is asked per word, not per letter. */
const ASK_AFTER_MS = 200;

interface ColumnFilterProps {
  readonly workflow: string;
  readonly column: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** A column of the workflow: what there is among the tasks that wait is offered, and anything else can be typed. */
export function ColumnFilter({ workflow, column, value = '', onChange }: ColumnFilterProps) {
  const [text, setText] = useState(value);
  const [isOpen, setOpen] = useState(false);
  const [like] = useDebouncedValue(text === value ? '' : text, ASK_AFTER_MS);
  const [{ data }] = useQuery({ query: ColumnValuesQuery, variables: { workflow, column, like }, pause: !isOpen });
  const counts = new Map(data?.columnValues.map((one) => [one.value, one.count]));
  const apply = (next: string) => {
    if (next !== value) onChange(next === '' ? undefined : next);
  };
  return (
    <Autocomplete
      size="xs"
      label={column}
      placeholder="Any"
      data={[...counts.keys()]}
      // The server has looked for it already.
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <>
          <span style={{ flex: 1 }}>{option.value}</span>
          <span className="numbers">{counts.get(option.value)}</span>
        </>
      )}
      value={text}
      onChange={setText}
      onDropdownOpen={() => setOpen(true)}
      onOptionSubmit={apply}
      onBlur={() => apply(text.trim())}
      onKeyDown={(event) => event.key === 'Enter' && apply(text.trim())}
      comboboxProps={{ withinPortal: false }}
      clearable
      onClear={() => apply('')}
    />
  );
}
