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

interface DecidedPerDayProps {
  readonly report: TeamReport;
  readonly onOpen: () => void;
}

export function DecidedPerDay({ report: { days, ended, takenBack }, onOpen }: DecidedPerDayProps) {
  const data = days.map(({ date, ended: { decided, decidedLate, answeredByDefault, expired, withdrawn } }) => ({
    ...{ date, name: formatDay(date), inTime: decided - decidedLate, late: decidedLate, byNobody: answeredByDefault + expired, withdrawn },
  }));
  const byNobody = ended.answeredByDefault + ended.expired;
  const words = [
    `${ended.decided.toLocaleString()} decided in ${days.length === 1 ? 'this day' : `${days.length} days`}, ${ended.decidedLate.toLocaleString()} of them late`,
    ...(byNobody > 0 ? [`${byNobody.toLocaleString()} by nobody`] : []),
    ...(ended.withdrawn > 0 ? [`${ended.withdrawn.toLocaleString()} withdrawn`] : []),
    ...(takenBack > 0 ? [`${takenBack.toLocaleString()} taken back`] : []),
  ];
  const summary = `${words.join('; ')}.`;
  return (
    <ChartCard
      title="Decided per day"
      summary={summary}
      series={SERIES}
      columns={['Day', ...SERIES.map(({ name }) => name), 'Withdrawn']}
      rows={data.map(({ name, inTime, late, byNobody: none, withdrawn }) => [name, inTime, late, none, withdrawn])}
      empty={data.some(({ inTime, late, byNobody: none }) => inTime + late + none > 0) ? undefined : 'Nothing was decided in this period.'}
    >
      <BarChart data={data} margin={MARGIN} aria-label={`Decided per day. ${summary}`} onClick={onOpen}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="date" tickFormatter={shortDay} minTickGap={16} {...AXIS} />
        <YAxis allowDecimals={false} width={36} {...AXIS} />
        {hint({ series: SERIES, nameOf: formatDay })}
        {SERIES.map((one) => (
          <Bar key={one.key} dataKey={one.key} stackId="day" fill={toneOf(one)} {...PART} cursor="pointer" />
        ))}
      </BarChart>
    </ChartCard>
  );
}
