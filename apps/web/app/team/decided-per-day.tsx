import { Bar, BarChart, CartesianGrid, XAxis, YAxis } from 'recharts';
import { formatDay } from '../time/format-instant.js';
import { ChartCard, type Series } from './chart-card.js';
import { AXIS, hint, MARGIN, PART, toneOf } from './chart-parts.js';
import { shortDay } from './short-day.js';
import type { TeamReport } from './team.query.js';

const SERIES: readonly Series[] = [
  { key: 'inTime', name: 'Decided, not late', tone: 'plain' },
  { key: 'late', name: 'Decided late', tone: 'late' },
  { key: 'byNobody', name: 'Answered by default, or expired', tone: 'idle' },
];
/** Of tasks that several people answer; where there are none, nobody has to read of them. */
const ANSWERS: Series = { key: 'answers', name: 'Answers that did not decide yet', tone: 'soon' };

interface DecidedPerDayProps {
  readonly report: TeamReport;
  readonly onOpen: () => void;
}

export function DecidedPerDay({ report: { days, ended, takenBack, answers: given }, onOpen }: DecidedPerDayProps) {
  const series = given > 0 ? [...SERIES, ANSWERS] : SERIES;
  const data = days.map(({ date, answers, ended: { decided, decidedLate, answeredByDefault, expired, withdrawn } }) => ({
    ...{
      date,
      name: formatDay(date),
      inTime: decided - decidedLate,
      late: decidedLate,
      byNobody: answeredByDefault + expired,
      withdrawn,
      answers,
    },
  }));
  const byNobody = ended.answeredByDefault + ended.expired;
  const words = [
    `${ended.decided.toLocaleString()} decided in ${days.length === 1 ? 'this day' : `${days.length} days`}, ${ended.decidedLate.toLocaleString()} of them late`,
    ...(given > 0 ? [`${given.toLocaleString()} ${given === 1 ? 'answer' : 'answers'} that did not decide yet`] : []),
    ...(byNobody > 0 ? [`${byNobody.toLocaleString()} by nobody`] : []),
    ...(ended.withdrawn > 0 ? [`${ended.withdrawn.toLocaleString()} withdrawn`] : []),
    ...(takenBack > 0 ? [`${takenBack.toLocaleString()} taken back`] : []),
  ];
  const summary = `${words.join('; ')}.`;
  return (
    <ChartCard
      title="Decided per day"
      summary={summary}
      series={series}
      columns={['Day', ...series.map(({ name }) => name), 'Withdrawn']}
      rows={data.map(({ name, inTime, late, byNobody: none, answers, withdrawn }) => [
        ...[name, inTime, late, none],
        ...(given > 0 ? [answers] : []),
        withdrawn,
      ])}
      empty={
        data.some(({ inTime, late, byNobody: none, answers }) => inTime + late + none + answers > 0)
          ? undefined
          : 'Nothing was decided in this period.'
      }
    >
      <BarChart data={data} margin={MARGIN} aria-label={`Decided per day. ${summary}`} onClick={onOpen}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="date" tickFormatter={shortDay} minTickGap={16} {...AXIS} />
        <YAxis allowDecimals={false} width={36} {...AXIS} />
        {hint({ series, nameOf: formatDay })}
        {series.map((one) => (
          <Bar key={one.key} dataKey={one.key} stackId="day" fill={toneOf(one)} {...PART} cursor="pointer" />
        ))}
      </BarChart>
    </ChartCard>
  );
}
