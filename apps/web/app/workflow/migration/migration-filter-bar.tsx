import { Group, Select } from '@mantine/core';
import { useQuery } from 'urql';
import { SPANS, type Span } from '../../runs/run-filter.js';
import { TimeRange } from '../../runs/time-range.js';
import { humaniseKey } from '../../values/humanise-key.js';
import { VersionGraphsQuery } from '../workflow.query.js';
import type { MigrationFilter } from './migration.mutations.js';

/** A worker is at work on the others. */
const STATUSES = ['queued', 'waiting', 'paused'] as const;

export interface MigrationChoice {
  readonly status?: (typeof STATUSES)[number];
  /** The path of the node that they wait at. */
  readonly waitsAt?: string;
  readonly since?: Span;
  readonly from?: string;
  readonly until?: string;
}

/** @param now what `since` counts back from, in milliseconds */
export function toMigrationFilter({ status, waitsAt, since, from, until }: MigrationChoice, now: number): MigrationFilter {
  return {
    ...(status ? { status: [status] } : {}),
    ...(waitsAt ? { waitsAt } : {}),
    ...(since ? { createdFrom: new Date(now - SPANS[since]).toISOString() } : {}),
    ...(from ? { createdFrom: from } : {}),
    ...(until ? { createdBefore: until } : {}),
  };
}

interface MigrationFilterBarProps {
  readonly workflow: string;
  /** The older version, whose nodes are offered. */
  readonly from: number;
  readonly choice: MigrationChoice;
  readonly onChange: (choice: MigrationChoice) => void;
}

/** Which runs are meant. */
export function MigrationFilterBar({ workflow, from, choice, onChange }: MigrationFilterBarProps) {
  const [{ data }] = useQuery({ query: VersionGraphsQuery, variables: { name: workflow } });
  const nodes = data?.workflow?.versions.find(({ version }) => version === from)?.graph?.nodes ?? [];
  const change = (next: { readonly [Key in keyof MigrationChoice]?: string | null | undefined }) =>
    onChange(Object.fromEntries(Object.entries({ ...choice, ...next }).filter(([, value]) => value != null)));
  return (
    <Group gap="xs" role="group" aria-label="Which runs">
      <Select
        size="xs"
        w={130}
        placeholder="Any status"
        aria-label="Status"
        clearable
        data={STATUSES.map((status) => ({ value: status, label: humaniseKey(status) }))}
        value={choice.status ?? null}
        onChange={(status) => change({ status })}
      />
      <Select
        size="xs"
        w={200}
        placeholder="Wherever they wait"
        aria-label="Waits at"
        clearable
        searchable
        data={nodes.map(({ path }) => path)}
        value={choice.waitsAt ?? null}
        onChange={(waitsAt) => change({ waitsAt })}
      />
      <TimeRange filter={choice} onChange={change} />
    </Group>
  );
}
