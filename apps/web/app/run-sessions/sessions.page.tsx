// The sessions: runs that belong together under a name, newest first.
import { Select } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useConnection } from '../connection/use-connection.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { ListPage, ListRows } from '../list/list-page.js';
import { ListToolbar, TextFilter } from '../list/list-toolbar.js';
import { RunsChanged } from '../runs/runs.query.js';
import { StatusBadge } from '../status/status-badge.js';
import { RelativeTime } from '../time/relative-time.js';
import { humaniseKey } from '../values/humanise-key.js';
import { SessionsQuery, type SessionRow } from './run-sessions.query.js';
import { readSessionFilter, SESSION_STATES, toSessionFilter, type SessionFilter } from './session-filter.js';
import { runWords } from './session-words.js';
import frame from '../list/list.module.css';
import classes from './run-sessions.module.css';

const route = getRouteApi('/sessions');
const NOTHING = {};

export function SessionsPage() {
  const filter = route.useSearch();
  const list = useConnection({
    query: SessionsQuery,
    variables: { filter: toSessionFilter(filter) },
    select: (data) => data.sessions,
    pageSize: 40,
  });
  // Its runs change what it has, and of itself nothing is told.
  useLiveRefresh(RunsChanged, NOTHING, list.refresh, { gapMs: 1_500 });
  return (
    <ListPage
      title="Sessions"
      lead="Runs that belong together, under a name: what they share, until when new ones begin in it, and one end for all of them."
      toolbar={<SessionsToolbar filter={filter} />}
    >
      <ListRows list={list} what="sessions" order="newest first" empty={<NoSessions isFiltered={Object.keys(filter).length > 0} />}>
        {(session) => <SessionListRow key={session.name} session={session} />}
      </ListRows>
    </ListPage>
  );
}

function SessionsToolbar({ filter }: { readonly filter: SessionFilter }) {
  const navigate = useNavigate({ from: '/sessions' });
  const go = (change: Partial<Record<keyof SessionFilter, string | null>>) =>
    void navigate({ search: readSessionFilter({ ...filter, ...change }), replace: true });
  return (
    <ListToolbar
      label="Filter the sessions"
      isFiltered={Object.keys(filter).length > 0}
      onClear={() => void navigate({ search: {}, replace: true })}
    >
      <Select
        size="xs"
        w={150}
        placeholder="Any state"
        aria-label="State"
        clearable
        data={SESSION_STATES.map((state) => ({ value: state, label: humaniseKey(state) }))}
        value={filter.state ?? null}
        onChange={(state) => go({ state })}
      />
      <TextFilter label="A part of the name" width={240} value={filter.q} onChange={(q) => go({ q })} />
    </ListToolbar>
  );
}

function SessionListRow({ session: { name, state, version, expiresAt, createdAt, runs } }: { readonly session: SessionRow }) {
  return (
    <li>
      <Link to="/sessions/$name" params={{ name }} className={`${frame.row} ${classes.row}`} data-session={name}>
        <span className={`${classes.name} ellipsis`}>{name}</span>
        <span className={classes.state}>
          <StatusBadge status={state} />
        </span>
        <span className={classes.runs}>{runWords(runs)}</span>
        <span className={classes.terms}>
          data v{version}
          {expiresAt && state !== 'completed' ? (
            <>
              {state === 'expired' ? ', expired ' : ', expires '}
              <RelativeTime at={expiresAt} />
            </>
          ) : null}
        </span>
        <span className={frame.time}>
          <RelativeTime at={createdAt} />
        </span>
      </Link>
    </li>
  );
}

function NoSessions({ isFiltered }: { readonly isFiltered: boolean }) {
  return isFiltered ? (
    <EmptyState icon={<IconStack2 size={32} stroke={1.4} />} title="No session fits this filter">
      The name is looked for as a part, whatever the case of its letters.
    </EmptyState>
  ) : (
    <EmptyState icon={<IconStack2 size={32} stroke={1.4} />} title="There are no sessions">
      A session is opened by <code>openSession</code>, and a run begins in it with <code>startRun(session: name)</code>.
    </EmptyState>
  );
}
