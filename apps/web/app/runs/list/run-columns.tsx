// What stands in a line of the list: the workflow's own columns where the list is of one workflow, else what the run is about in short.
import type { ReactNode } from 'react';
import { StatusBadge } from '../../status/status-badge.js';
import { Elapsed } from '../../time/elapsed.js';
import { PlainRelativeTime } from '../../time/relative-time.js';
import type { RunRow } from '../runs.query.js';
import { shortId } from '../short-id.js';
import { startWords } from '../start-words.js';
import { waitWords } from '../wait-words.js';
import classes from './run-table.module.css';

export interface RunColumn {
  readonly key: string;
  readonly title: string;
  /** As CSS grid has it. */
  readonly width: string;
  readonly align?: 'end';
  readonly cell: (run: RunRow) => ReactNode;
}

/** More would leave no room for any. */
const MOST_OWN = 6;

const STATUS: RunColumn = { key: 'status', title: 'Status', width: '108px', cell: ({ status }) => <StatusBadge status={status} /> };
const RUN: RunColumn = { key: 'run', title: 'Run', width: '96px', cell: ({ id }) => <code className={classes.id}>{shortId(id)}</code> };
const WORKFLOW: RunColumn = {
  key: 'workflow',
  title: 'Workflow',
  width: 'minmax(150px, 0.8fr)',
  cell: ({ title }) => <span className={`${classes.title} ellipsis`}>{title}</span>,
};
const ABOUT: RunColumn = { key: 'about', title: 'About', width: 'minmax(160px, 1.2fr)', cell: (run) => <About run={run} /> };
const SUBJECT: RunColumn = { key: 'about', title: 'Subject', width: 'minmax(160px, 1.2fr)', cell: ({ subject }) => <Text>{subject}</Text> };
const STATE: RunColumn = { key: 'state', title: 'State', width: 'minmax(140px, 1fr)', cell: (run) => <State run={run} /> };
const STARTED: RunColumn = {
  key: 'started',
  title: 'Started',
  width: '84px',
  align: 'end',
  cell: ({ createdAt }) => <PlainRelativeTime at={createdAt} />,
};
const TOOK: RunColumn = {
  key: 'took',
  title: 'Took',
  width: '88px',
  align: 'end',
  cell: ({ createdAt, endedAt }) => <Elapsed from={createdAt} to={endedAt} />,
};

/** @param own names of the columns of the one workflow of which the list is; undefined for a list of several */
export function runColumns(own: readonly string[] | undefined): readonly RunColumn[] {
  if (own === undefined) return [STATUS, WORKFLOW, ABOUT, STATE, RUN, STARTED, TOOK];
  const middle = own.length === 0 ? [SUBJECT] : own.slice(0, MOST_OWN).map(ownColumn);
  return [STATUS, ...middle, STATE, RUN, STARTED, TOOK];
}

function ownColumn(name: string): RunColumn {
  return {
    key: `own-${name}`,
    title: name,
    width: 'minmax(70px, 1fr)',
    cell: ({ columns }) => {
      const column = columns.find((each) => each.name === name);
      if (column?.error) {
        return (
          <span className={classes.broken} title={column.error}>
            could not be read
          </span>
        );
      }
      return <Text>{column?.value ?? null}</Text>;
    },
  };
}

function Text({ children }: { readonly children: string | null }) {
  return (
    <span className={`${classes.text} ellipsis`} title={children ?? undefined}>
      {children ?? '—'}
    </span>
  );
}

/** What a run is about in a few words: the subject of its task, else the first of its columns. */
export function About({ run: { subject, columns } }: { readonly run: RunRow }) {
  const values = columns.flatMap(({ value }) => (value ? [value] : [])).slice(0, 3);
  return <Text>{subject ?? (values.length > 0 ? values.join(' · ') : null)}</Text>;
}

/** Why it stands where it stands. */
export function State({ run }: { readonly run: RunRow }) {
  const isIncident = run.waitReasons.includes('incident');
  if (run.status === 'waiting' || run.errorMessage === null) {
    return (
      <span className={`${classes.soft} ellipsis`} data-incident={isIncident || undefined}>
        {run.status === 'waiting' || run.waitReasons.length > 0
          ? `waits for ${waitWords(run.waitReasons) || 'something'}`
          : `started ${startWords(run.startedBy)}`}
      </span>
    );
  }
  return (
    <span className={`${classes.failed} ellipsis`} title={run.errorMessage}>
      {run.errorMessage}
    </span>
  );
}
