/** What the CSV files of a team's figures say. Durations are in minutes, to the hundredth. */
import type { DayFigures, DecisionTime, EndedFigures, OpenFigures, ReviewerFigures, ScreenFigures } from '@stepwell/tasks';
import type { TeamTaskRow } from '@stepwell/storage';
import type { Columns } from './csv.js';

const minutes = (ms: number | null): number | null => (ms === null ? null : Math.round(ms / 600) / 100);

type Named<Part, Value = number | null> = readonly (readonly [name: string, value: (part: Part) => Value])[];

const OPEN: Named<OpenFigures> = [
  ['open', ({ total }) => total],
  ['held', ({ held }) => held],
  ['overdue', ({ overdue }) => overdue],
];

const time = (name: string, of: (ended: EndedFigures) => DecisionTime): Named<EndedFigures> => [
  [`p50 minutes ${name}`, (ended) => minutes(of(ended).p50Ms)],
  [`p90 minutes ${name}`, (ended) => minutes(of(ended).p90Ms)],
];

const ENDED: Named<EndedFigures> = [
  ['decided', ({ decided }) => decided],
  ['canceled of these', ({ canceled }) => canceled],
  ['decided late of these', ({ decidedLate }) => decidedLate],
  ['answered by default', ({ answeredByDefault }) => answeredByDefault],
  ['expired', ({ expired }) => expired],
  ['withdrawn', ({ withdrawn }) => withdrawn],
  ['undecided and late of these', ({ undecidedLate }) => undecidedLate],
  ...time('since opened', ({ sinceOpened }) => sinceOpened),
  ...time('since taken', ({ sinceTaken }) => sinceTaken),
  ...time('in business time', ({ inBusinessTime }) => inBusinessTime),
];

function within<Row, Part>(parts: Named<Part>, of: (row: Row) => Part): Columns<Row> {
  return Object.fromEntries(parts.map(([name, value]) => [name, (row: Row) => value(of(row))]));
}

export const TASK_COLUMNS: Columns<TeamTaskRow> = {
  task: ({ id }) => id,
  run: ({ runId }) => runId,
  workflow: ({ workflow }) => workflow,
  screen: ({ screen }) => screen,
  title: ({ title }) => title,
  subject: ({ subject }) => subject,
  state: ({ state }) => state,
  reviewer: ({ reviewer }) => reviewer,
  opened: ({ openedAt }) => openedAt,
  taken: ({ takenAt }) => takenAt,
  ended: ({ endedAt }) => endedAt,
  due: ({ dueAt }) => dueAt,
  late: ({ isLate }) => isLate,
  'minutes since opened': ({ sinceOpened }) => minutes(sinceOpened),
  'minutes since taken': ({ sinceTaken }) => minutes(sinceTaken),
  'minutes in business time': ({ inBusinessTime }) => minutes(inBusinessTime),
};

export const REVIEWER_COLUMNS: Columns<ReviewerFigures> = {
  reviewer: ({ name }) => name,
  id: ({ id }) => id,
  ...within(OPEN, ({ open }: ReviewerFigures) => open),
  ...within(ENDED, ({ ended }: ReviewerFigures) => ended),
  answers: ({ answers }) => answers,
  'taken back': ({ takenBack }) => takenBack,
};

export const SCREEN_COLUMNS: Columns<ScreenFigures> = {
  workflow: ({ workflow }) => workflow,
  screen: ({ screen }) => screen,
  title: ({ title }) => title,
  ...within(OPEN, ({ open }: ScreenFigures) => open),
  ...within(ENDED, ({ ended }: ScreenFigures) => ended),
  answers: ({ answers }) => answers,
};

export const DAY_COLUMNS: Columns<DayFigures> = {
  date: ({ date }) => date,
  ...within(ENDED, ({ ended }: DayFigures) => ended),
  answers: ({ answers }) => answers,
};
