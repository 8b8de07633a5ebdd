import { Group, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { TIME_WORDS } from './filter-words.js';
import { TIME_WINDOWS } from '../inbox-filter.js';

interface TimesFilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

const CHOICES = [
  ...TIME_WINDOWS.map((value) => ({ value: value, label: TIME_WORDS[value] ?? value })),
  { value: 'days', label: 'from … to …' },
];

/** When it is: a window, or days that are written down. */
export function TimesFilter({ label, value, onChange }: TimesFilterProps) {
  const isRange = value?.includes('..') ?? false;
  const [asksDays, setAsksDays] = useState(false);
  const [from = '', until = ''] = isRange ? (value?.split('..') ?? []) : [];
  const setDays = (first: string, last: string) => onChange(first === '' && last === '' ? undefined : `${first}..${last}`);
  return (
    <div>
      <Select
        size="xs"
        label={label}
        placeholder="Any time"
        data={CHOICES}
        value={isRange || asksDays ? 'days' : (value ?? null)}
        onChange={(next) => {
          setAsksDays(next === 'days');
          if (next !== 'days') onChange(next ?? undefined);
        }}
        clearable
        comboboxProps={{ withinPortal: false }}
      />
      {isRange || asksDays ? (
        <Group gap={6} grow mt={6}>
          <TextInput
            size="xs"
            type="date"
            aria-label={`${label}, from`}
            value={from}
            onChange={(event) => setDays(event.currentTarget.value, until)}
          />
          <TextInput
            size="xs"
            type="date"
            aria-label={`${label}, to`}
            value={until}
            onChange={(event) => setDays(from, event.currentTarget.value)}
          />
        </Group>
      ) : null}
    </div>
  );
}
