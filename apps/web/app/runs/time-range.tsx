import { Button, Group, Popover, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatInstantShortly } from '../time/format-instant.js';
import { SPANS, type Span } from './run-filter.js';

type Times = Partial<Record<'since' | 'from' | 'until', string | null>>;

interface TimeRangeProps {
  readonly filter: { readonly since?: Span; readonly from?: string; readonly until?: string };
  readonly label?: string;
  readonly onChange: (times: Times) => void;
}

const WORDS: Readonly<Record<keyof typeof SPANS, string>> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
};
const BETWEEN = 'between';

/** When the runs began, say: a span that ends now, or between two instants. */
export function TimeRange({ filter: { since, from, until }, label = 'Started when', onChange }: TimeRangeProps) {
  const [isOpen, setOpen] = useState(false);
  const isBetween = from !== undefined || until !== undefined;
  const spans = Object.entries(WORDS).map(([value, label]) => ({ value, label }));
  const between = isBetween
    ? `${from ? formatInstantShortly(from) : '…'} – ${until ? formatInstantShortly(until) : 'now'}`
    : 'Between two times…';
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" shadow="md" trapFocus returnFocus withRoles={false}>
      <Popover.Target>
        <div>
          <Select
            size="xs"
            w={isBetween ? 230 : 150}
            placeholder="Any time"
            aria-label={label}
            clearable
            data={[...spans, { value: BETWEEN, label: between }]}
            value={since ?? (isBetween ? BETWEEN : null)}
            onChange={(value) => {
              if (value === BETWEEN) setOpen(true);
              else onChange({ since: value, from: null, until: null });
            }}
            onOptionSubmit={(value) => {
              if (value === BETWEEN) setOpen(true);
            }}
            allowDeselect={false}
          />
        </div>
      </Popover.Target>
      <Popover.Dropdown>
        <Between
          key={`${from} ${until}`}
          from={from}
          until={until}
          onChosen={(times) => {
            setOpen(false);
            onChange({ since: null, ...times });
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

interface BetweenProps {
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly onChosen: (times: Times) => void;
}

function Between({ from, until, onChosen }: BetweenProps) {
  const [times, setTimes] = useState({ from: toLocal(from), until: toLocal(until) });
  const isBackwards = times.from !== '' && times.until !== '' && times.from >= times.until;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBackwards) onChosen({ from: fromLocal(times.from), until: fromLocal(times.until) });
      }}
    >
      <Stack gap="xs">
        <TextInput
          size="xs"
          type="datetime-local"
          label="From"
          value={times.from}
          onChange={(event) => setTimes({ ...times, from: event.currentTarget.value })}
          data-autofocus
        />
        <TextInput
          size="xs"
          type="datetime-local"
          label="Until"
          value={times.until}
          error={isBackwards ? 'This is before the beginning.' : undefined}
          onChange={(event) => setTimes({ ...times, until: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <Button type="submit" size="xs" disabled={isBackwards}>
            Show
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** As the field has it: the viewer's own time to the minute, without a zone. */
function toLocal(iso: string | undefined): string {
  if (iso === undefined) return '';
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function fromLocal(text: string): string | null {
  return text === '' ? null : new Date(text).toISOString();
}
