// How the team's work goes: what is open, what was decided, how long it took and what came too late. Of everybody for an operator, of
// oneself for a reviewer.
import { Anchor, Skeleton } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { InboxChanged } from '../inbox/inbox.query.js';
import { ListPage } from '../list/list-page.js';
import { useMay } from '../session/session.js';
import { RelativeTime } from '../time/relative-time.js';
import { Breaches } from './breaches.js';
import { DecidedPerDay } from './decided-per-day.js';
import { FiguresTable } from './figures-table.js';
import { OpenByAge } from './open-by-age.js';
import { isFiltered, readTeamSearch, toTeamVariables, type TeamSearch } from './team-search.js';
import { TeamTiles } from './team-tiles.js';
import { TeamToolbar } from './team-toolbar.js';
import { TeamQuery, type TeamReport } from './team.query.js';
import { TimeToDecide } from './time-to-decide.js';
import classes from './team.module.css';

const route = getRouteApi('/team');
const NOTHING = {};
/** A report reads every task of its period; figures of a quarter of a minute ago are as good. */
const GAP_MS = 15_000;

export function TeamPage() {
  const search = route.useSearch();
  const isOperator = useMay('operator');
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const variables = useMemo(() => toTeamVariables(search, zone), [search, zone]);
  const { data, error, isFetching, refresh } = useKeptQuery(TeamQuery, variables);
  useLiveRefresh(InboxChanged, NOTHING, refresh, { gapMs: GAP_MS });
  const report = data?.teamReport;
  return (
    <ListPage
      title={isOperator ? 'Team' : 'My figures'}
      toolbar={<TeamToolbar search={search} zone={zone} report={report} />}
      lead={
        <>
          {isOperator ? null : 'Those of the team are for operators. '}Days are those of {zone.replaceAll('_', ' ')}.{' '}
          {report ? (
            <>
              Counted <RelativeTime at={report.at} />.
            </>
          ) : null}
        </>
      }
    >
      {error && report ? <FailureNote error={error} onRetry={refresh} /> : null}
      {report ? (
        <div aria-busy={isFetching}>
          <Figures report={report} search={search} />
        </div>
      ) : error ? (
        <FailureState error={error} onRetry={refresh} />
      ) : (
        <Skeleton height={560} radius="md" role="status" aria-label="Loading the figures" />
      )}
    </ListPage>
  );
}

interface FiguresProps {
  readonly report: TeamReport;
  readonly search: TeamSearch;
}

function Figures({ report, search }: FiguresProps) {
  const navigate = useNavigate({ from: '/team' });
  const { open, ended, takenBack, answers, screens, reviewers } = report;
  if (open.total + ended.decided + ended.answeredByDefault + ended.expired + ended.withdrawn + takenBack + answers === 0)
    return <NoFigures isFiltered={isFiltered(search)} />;
  const ofWorkflow = search.workflow ? { workflow: search.workflow } : {};
  const ofPerson = (reviewer: string) => readTeamSearch({ ...search, reviewer });
  return (
    <>
      <TeamTiles report={report} />
      <div className={classes.charts}>
        <OpenByAge report={report} onOpen={() => void navigate({ to: '/inbox', search: ofWorkflow })} />
        <DecidedPerDay report={report} onOpen={() => void navigate({ to: '/inbox', search: { ...ofWorkflow, show: 'decided' } })} />
        <TimeToDecide
          report={report}
          clock={search.clock ?? 'opened'}
          onClock={(clock) => void navigate({ search: readTeamSearch({ ...search, clock }), replace: true })}
        />
        <Breaches report={report} onOpen={({ workflow }) => void navigate({ to: '/inbox', search: { workflow } })} />
      </div>
      {report.isOwn || reviewers.length === 0 ? null : (
        <FiguresTable
          title="By reviewer"
          of="Reviewer"
          rows={reviewers.map(({ id, name, open: waiting, ended: done, answers: given, takenBack: undone }) => ({
            ...{ key: id, open: waiting.total.toLocaleString(), overdue: waiting.overdue, ended: done, answers: given, takenBack: undone },
            head: (
              <Anchor size="sm" renderRoot={(props) => <Link to="/team" search={ofPerson(id)} {...props} />}>
                {name}
              </Anchor>
            ),
          }))}
        />
      )}
      <FiguresTable
        title="By workflow and screen"
        of="Screen"
        hasUndecided
        rows={screens.map(({ workflow, screen, title, open: waiting, ended: done, answers: given }) => ({
          ...{ key: `${workflow} ${screen}`, overdue: waiting.overdue, ended: done, answers: given },
          head: (
            <>
              {title} <span className={classes.soft}>{workflow}</span>
            </>
          ),
          open:
            waiting.total === 0 ? (
              0
            ) : (
              <Anchor size="sm" renderRoot={(props) => <Link to="/inbox" search={{ workflow }} {...props} />}>
                {waiting.total.toLocaleString()}
              </Anchor>
            ),
        }))}
      />
    </>
  );
}

function NoFigures({ isFiltered: hasFilter }: { readonly isFiltered: boolean }) {
  return (
    <EmptyState icon={<IconChartBar size={32} stroke={1.4} />} title={hasFilter ? 'No task fits this filter' : 'No task yet'}>
      {hasFilter
        ? 'None is open, and none ended in this period.'
        : 'None is open, and none ended in this period. A task comes when a run reaches a screen.'}
    </EmptyState>
  );
}
