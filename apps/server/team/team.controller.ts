import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { Policy, type WithViewer } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import { TeamReports } from '@stepwell/tasks';
import type { Request, Response } from 'express';
import { type Asked, checkedQuery } from '../checked-query.js';
import { signedIn } from '../signed-in.js';
import { type Columns, sendCsv } from './csv.js';
import { DAY_COLUMNS, REVIEWER_COLUMNS, SCREEN_COLUMNS, TASK_COLUMNS } from './team-columns.js';

const QUERY = ['zone', 'days', 'from', 'to', 'workflow', 'screen', 'reviewer', 'bom'] as const;

/** The figures of a team as CSV, and the tasks behind them. Who may ask for which, `TeamReports` decides, as for the pages. */
@Controller('team')
@Policy('reviewer')
export class TeamController {
  constructor(private readonly reports: TeamReports) {}

  /** `GET /team/tasks.csv?zone=Europe/Berlin&days=30&workflow=claims&bom=1`; instead of the tasks the `reviewers`, `screens` or `days`. */
  @Get(':table.csv')
  async table(
    @Req() request: Request & WithViewer,
    @Res() response: Response,
    @Param('table') table: string,
    @Query() query: Asked,
  ): Promise<void> {
    const viewer = signedIn(request);
    const { days, bom, ...texts } = checkedQuery(query, QUERY);
    const period = { ...texts, zone: texts.zone ?? 'UTC', days: days === undefined ? null : Number(days) };
    const send = <Row>(columns: Columns<Row>, rows: Iterable<Row> | AsyncIterable<Row>) =>
      sendCsv(response, `${table}.csv`, columns, rows, bom === '1');
    const report = () => this.reports.report(viewer, period, texts);
    switch (table) {
      case 'tasks':
        return send(TASK_COLUMNS, this.reports.tasks(viewer, period, texts));
      case 'reviewers':
        return send(REVIEWER_COLUMNS, (await report()).reviewers);
      case 'screens':
        return send(SCREEN_COLUMNS, (await report()).screens);
      case 'days':
        return send(DAY_COLUMNS, (await report()).days);
      default:
        throw new StepwellError('INPUT_INVALID', { reason: `There is no ${table}.csv: ask for tasks, reviewers, screens or days.` });
    }
  }
}
