import { Args, Query, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { TeamReports } from '@stepwell/tasks';
import { CurrentViewer } from '../wire/graphql-context.js';
import { TeamFilterInput, TeamPeriodInput, TeamReportObject } from './team-report.object.js';

/** It reads every task of a period, whatever is selected: one request may ask for some four. */
const REPORT_COST = 4_000;

/** How a team's work goes. A reviewer may ask, and is told of himself. */
@Resolver(() => TeamReportObject)
@Policy('reviewer')
export class TeamResolver {
  constructor(private readonly reports: TeamReports) {}

  @Query(() => TeamReportObject, {
    complexity: REPORT_COST,
    description:
      'What is open, what was decided in a period, how long it took and what came too late. Of everybody for an operator, else of the viewer.',
  })
  teamReport(
    @CurrentViewer() viewer: Viewer,
    @Args('period', { type: () => TeamPeriodInput }) period: TeamPeriodInput,
    @Args('filter', { type: () => TeamFilterInput, nullable: true }) filter: TeamFilterInput | null | undefined,
  ): Promise<TeamReportObject> {
    return this.reports.report(viewer, period, filter ?? {});
  }
}
