// One session: what its runs share, until when new ones begin in it, the runs, and its end.
import { Anchor } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { ItemHeader, ItemPage } from '../list/item-page.js';
import { State } from '../runs/list/run-columns.js';
import { RunsChanged } from '../runs/runs.query.js';
import { useMay } from '../session/session.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { StatusBadge } from '../status/status-badge.js';
import { RelativeTime } from '../time/relative-time.js';
import { DataPanel } from '../values/data-panel.js';
import { SessionQuery, type SessionDetails, type SessionRun } from './run-sessions.query.js';
import { EndSessionButton, HoldSessionButton } from './session-buttons.js';
import { runWords } from './session-words.js';
import frame from '../list/list.module.css';
import classes from './run-sessions.module.css';

const route = getRouteApi('/sessions/$name');
const NOTHING = {};

export function SessionPage() {
  const { name } = route.useParams();
  const query = useKeptQuery(
    SessionQuery,
    useMemo(() => ({ name }), [name]),
  );
  const { data, refresh } = query;
  useLiveRefresh(RunsChanged, NOTHING, refresh, { gapMs: 1_000 });
  useDocumentTitle(`Session ${name}`);
  const session = data?.session?.name === name || data?.session === null ? data.session : undefined;
  return (
    <ItemPage query={query} item={session} what="the session" none={<NoSession />}>
      {(found) => <Session key={found.name} session={found} runs={data?.runs.edges.map(({ node }) => node) ?? []} onChanged={refresh} />}
    </ItemPage>
  );
}

function NoSession() {
  return (
    <EmptyState icon={<IconStack2 size={32} stroke={1.4} />} title="There is no such session">
      The address may be wrong, or it was removed after its time of keeping.{' '}
      <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/sessions" {...props} />}>
        All sessions
      </Anchor>
    </EmptyState>
  );
}

interface SessionProps {
  readonly session: SessionDetails;
  readonly runs: readonly SessionRun[];
  readonly onChanged: () => void;
}

function Session({ session, runs, onChanged }: SessionProps) {
  const { name, state, version, expiresAt, createdAt, createdBy, data } = session;
  const mayOperate = useMay('operator');
  return (
    <>
      <ItemHeader
        of={{ to: '/sessions', title: 'Sessions' }}
        title={name}
        mark={<StatusBadge status={state} />}
        actions={
          mayOperate ? (
            <>
              <HoldSessionButton session={session} onChanged={onChanged} />
              <EndSessionButton session={session} onChanged={onChanged} />
            </>
          ) : null
        }
      >
        <span>
          opened <RelativeTime at={createdAt} />
          {createdBy ? ` by ${createdBy.name}` : ''}
        </span>
        {state === 'completed' ? (
          <span>takes neither runs nor changes any more</span>
        ) : expiresAt ? (
          <span>
            {state === 'expired' ? 'expired ' : 'expires '}
            <RelativeTime at={expiresAt} />
          </span>
        ) : null}
      </ItemHeader>
      <div className={frame.columns}>
        <div className={`panel ${frame.box}`}>
          <DataPanel title={`Shared data, version ${version}`} label="shared data" value={data} />
        </div>
        <section className={`panel ${frame.box}`} aria-label="Runs">
          <div className={classes.headline}>
            <h2 className={frame.boxTitle}>Runs</h2>
            <Anchor size="xs" renderRoot={(props) => <Link to="/runs" search={{ session: name }} {...props} />}>
              All runs
            </Anchor>
          </div>
          <p className={`${frame.soft} ${classes.counts}`}>{runWords(session.runs)}</p>
          <ul className={classes.list} aria-label="Newest runs">
            {runs.map((run) => (
              <RunItem key={run.id} run={run} />
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}

function RunItem({ run }: { readonly run: SessionRun }) {
  return (
    <li>
      <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.run}>
        <span className={`${classes.title} ellipsis`}>
          {run.title}
          {run.subject ? <span className={frame.soft}> {run.subject}</span> : null}
        </span>
        <span className={classes.state}>
          <StatusBadge status={run.status} />
        </span>
        <span className={`${frame.soft} ellipsis`}>
          <RelativeTime at={run.createdAt} /> · <State run={run} />
        </span>
      </Link>
    </li>
  );
}
