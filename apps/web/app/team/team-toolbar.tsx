import { Button, Menu, Select, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useActions } from '../actions/use-actions.js';
import { ListToolbar, WorkflowFilter } from '../list/list-toolbar.js';
import { csvAddress, isFiltered, periodProblem, readTeamSearch, SPANS, spanOf, type TeamSearch } from './team-search.js';
import type { TeamReport } from './team.query.js';

interface TeamToolbarProps {
  readonly search: TeamSearch;
  readonly zone: string;
  /** Whom and what one may choose; of the last answer. */
  readonly report: TeamReport | undefined;
}

const BETWEEN = 'between';

export function TeamToolbar({ search, zone, report }: TeamToolbarProps) {
  const navigate = useNavigate({ from: '/team' });
  const go = (change: Partial<Record<keyof TeamSearch, string | null>>) =>
    void navigate({ search: readTeamSearch({ ...search, ...change }), replace: true });
  const [isBetween, setBetween] = useState(search.from !== undefined);
  const { workflow, screen, reviewer } = search;
  return (
    <ListToolbar
      label="Filter the figures"
      isFiltered={isFiltered(search)}
      onClear={() => go({ workflow: null, screen: null, reviewer: null })}
    >
      <Select
        size="xs"
        w={150}
        aria-label="Period"
        allowDeselect={false}
        data={[
          ...SPANS.map((days) => ({ value: days, label: `Last ${Number.parseInt(days, 10)} days` })),
          { value: BETWEEN, label: 'Between two days' },
        ]}
        value={isBetween ? BETWEEN : spanOf(search)}
        onChange={(value) => {
          setBetween(value === BETWEEN);
          if (value !== null && value !== BETWEEN) go({ days: value, from: null, to: null });
        }}
      />
      {isBetween ? <Between search={search} onChosen={(from, to) => go({ days: null, from, to })} /> : null}
      <WorkflowFilter value={workflow} onChange={(name) => go({ workflow: name, screen: null })} />
      <Select
        size="xs"
        w={170}
        placeholder="All screens"
        aria-label="Screen"
        clearable
        data={choices(
          report?.screens.map((one) => [one.screen, one.title]),
          screen,
        )}
        value={screen ?? null}
        onChange={(id) => go({ screen: id })}
      />
      {report && !report.isOwn ? (
        <Select
          size="xs"
          w={170}
          placeholder="Everybody"
          aria-label="Reviewer"
          clearable
          searchable
          data={choices(
            report.reviewers.map((one) => [one.id, one.name]),
            reviewer,
          )}
          value={reviewer ?? null}
          onChange={(id) => go({ reviewer: id })}
        />
      ) : null}
      <Downloads address={(table) => csvAddress(table, search, zone)} />
    </ListToolbar>
  );
}

const FILES = [
  ['tasks', 'Every task'],
  ['reviewers', 'By reviewer'],
  ['screens', 'By screen'],
  ['days', 'By day'],
] as const;

function Downloads({ address }: { readonly address: (table: string) => string }) {
  useActions(
    'page',
    'Save as CSV',
    // As a file: the page stays.
    FILES.map(([table, label]) => ({ id: `csv.${table}`, name: label, run: () => window.location.assign(address(table)) })),
  );
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconDownload size={14} />}>
          CSV
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FILES.map(([table, label]) => (
          <Menu.Item key={table} component="a" href={address(table)} download>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface BetweenProps {
  readonly search: TeamSearch;
  readonly onChosen: (from: string, to: string) => void;
}

/** Two days, both included. They are asked for once both are there, in their order. */
function Between({ search, onChosen }: BetweenProps) {
  const [days, setDays] = useState({ from: search.from ?? '', to: search.to ?? '' });
  const problem = days.from === '' || days.to === '' ? undefined : periodProblem(days.from, days.to);
  const change = (next: typeof days) => {
    setDays(next);
    if (periodProblem(next.from, next.to) === undefined) onChosen(next.from, next.to);
  };
  return (
    <>
      <TextInput
        size="xs"
        type="date"
        aria-label="First day"
        value={days.from}
        onChange={({ currentTarget }) => change({ ...days, from: currentTarget.value })}
      />
      <TextInput
        size="xs"
        type="date"
        aria-label="Last day"
        value={days.to}
        error={problem}
        onChange={({ currentTarget }) => change({ ...days, to: currentTarget.value })}
      />
    </>
  );
}

/** Each once; and what is chosen, though nothing of it is in the answer. */
function choices(pairs: readonly (readonly [value: string, label: string])[] | undefined, chosen: string | undefined) {
  const labels = new Map([...(chosen === undefined ? [] : [[chosen, chosen] as const]), ...(pairs ?? [])]);
  return [...labels].map(([value, label]) => ({ value, label }));
}
