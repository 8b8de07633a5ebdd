/**
 * How a team's work goes: what is open now, what was decided in a period, how long it took and what came too late. Four statements for a
 * report, however many people, workflows and days it has.
 */
import { StepwellError } from '@stepwell/contracts';
import type { Clock, WorkflowCatalog } from '@stepwell/engine';
import {
  type EndedTasksRequest,
  listEndedTeamTasks,
  listOpenTeamTasks,
  MOST_TASKS,
  pgSql,
  readEndedTasks,
  readGivenAnswers,
  readOpenTasks,
  readTakenBack,
  type Sql,
  type TeamFilter,
  type TeamTaskRow,
} from '@stepwell/storage';
import type pg from 'pg';
import {
  AGE_LIMITS,
  type AgeFigures,
  ageFigures,
  type DayFigures,
  type EndedFigures,
  endedFigures,
  type OpenFigures,
  openFigures,
  type ReviewerFigures,
  reviewerFigures,
  type ScreenFigures,
  screenFigures,
} from './team-figures.js';
import { type PeriodRequest, type TeamPeriod, teamPeriod } from './team-period.js';
import { type FilterRequest, seesOthers, teamScope, type TeamViewer } from './team-scope.js';
import { workflowHours } from './workflow-hours.js';

export interface TeamReport {
  readonly from: Date;
  /** Exclusive. */
  readonly until: Date;
  /** When it was counted: what is open, is open then. */
  readonly at: Date;
  /** True for who sees his own figures only. */
  readonly isOwn: boolean;
  readonly open: OpenFigures;
  /** The youngest first; all of them. */
  readonly ages: readonly AgeFigures[];
  readonly ended: EndedFigures;
  readonly takenBack: number;
  /** Answers that were given in the period to tasks that several people answer, without those that decided. */
  readonly answers: number;
  /** Each day of the period, ascending. */
  readonly days: readonly DayFigures[];
  readonly reviewers: readonly ReviewerFigures[];
  readonly screens: readonly ScreenFigures[];
}

/** Rows of the export that are in memory at a time. */
const PAGE = 1_000;

export class TeamReports {
  private readonly sql: Sql;

  constructor(
    pool: pg.Pool,
    private readonly catalog: WorkflowCatalog,
    private readonly clock: Clock,
  ) {
    this.sql = pgSql(pool);
  }

  /** @throws StepwellError FORBIDDEN, INPUT_INVALID */
  async report(viewer: TeamViewer, period: PeriodRequest, filter: FilterRequest): Promise<TeamReport> {
    const scope = teamScope(viewer, filter);
    const within = teamPeriod(period, this.clock.now());
    const { dates, until, now, dayEnd } = within;
    const request = this.ended(within, scope);
    const { tenant } = viewer;
    const openedBefore = AGE_LIMITS.map((age) => new Date(now.getTime() - age)).reverse();
    // One after the other: the pages have few connections, and others wait for one.
    const open = await readOpenTasks(this.sql, tenant, { ...scope, now, dayEnd, openedBefore });
    const ended = await readEndedTasks(this.sql, tenant, request);
    const takenBack = await readTakenBack(this.sql, tenant, { ...scope, from: request.from, until });
    const answers = await readGivenAnswers(this.sql, tenant, request);
    const allAnswers = answers.find(({ kind }) => kind === 'all')?.count ?? 0;
    const allOpen = open.find(({ kind }) => kind === 'all');
    const allEnded = ended.find(({ kind }) => kind === 'all');
    if ((allOpen?.seen ?? 0) > MOST_TASKS) throw tooMany('are open');
    if ((allEnded?.total ?? 0) > MOST_TASKS) throw tooMany('ended in this period');
    if (allAnswers > MOST_TASKS) throw tooMany('were answered in this period');
    const answersOfDay = new Map(answers.flatMap((row) => (row.kind === 'day' ? [[row.day, row.count]] : [])));
    const ofDay = new Map(ended.flatMap((row) => (row.kind === 'day' ? [[row.day, row]] : [])));
    return {
      ...{ from: request.from, until, at: now, isOwn: !seesOthers(viewer) },
      ...{ open: openFigures(allOpen), ages: ageFigures(open), ended: endedFigures(allEnded) },
      takenBack: takenBack.reduce((sum, { count }) => sum + count, 0),
      answers: allAnswers,
      days: dates.map((date, place) => ({ date, ended: endedFigures(ofDay.get(place + 1)), answers: answersOfDay.get(place + 1) ?? 0 })),
      reviewers: reviewerFigures(open, ended, takenBack, answers),
      screens: screenFigures(open, ended, answers),
    };
  }

  /**
   * The tasks behind the figures, one by one: those that ended in the period by when they ended, then those that are open.
   *
   * @throws StepwellError FORBIDDEN, INPUT_INVALID; at once, before the first task
   */
  tasks(viewer: TeamViewer, period: PeriodRequest, filter: FilterRequest): AsyncIterable<TeamTaskRow> {
    const scope = teamScope(viewer, filter);
    const within = teamPeriod(period, this.clock.now());
    return this.pages(viewer.tenant, this.ended(within, scope), { ...scope, now: within.now });
  }

  private async *pages(tenant: string, ended: EndedTasksRequest, open: TeamFilter & { readonly now: Date }): AsyncGenerator<TeamTaskRow> {
    yield* inPages((after) => listEndedTeamTasks(this.sql, tenant, ended, after, PAGE));
    yield* inPages((after) => listOpenTeamTasks(this.sql, tenant, open, after, PAGE));
  }

  private ended({ starts, until, dayEnd }: TeamPeriod, scope: TeamFilter): EndedTasksRequest & { readonly from: Date } {
    const [from = until] = starts;
    return { ...scope, from, days: starts, until, hours: workflowHours(this.catalog, from, dayEnd) };
  }
}

async function* inPages(read: (after: string | null) => Promise<TeamTaskRow[]>): AsyncGenerator<TeamTaskRow> {
  for (let after: string | null = null; ;) {
    const rows: TeamTaskRow[] = await read(after);
    yield* rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.place ?? null;
  }
}

function tooMany(what: string): StepwellError {
  const reason = `More than ${MOST_TASKS.toLocaleString('en')} tasks ${what}. Ask for a shorter period, or for one workflow.`;
  return new StepwellError('INPUT_INVALID', { reason });
}
