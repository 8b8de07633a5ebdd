import { Bar, BarChart, CartesianGrid, XAxis, YAxis } from 'recharts';
import { formatDuration } from '../time/format-duration.js';
import { ChartCard, type Series } from './chart-card.js';
import { AXIS, hint, MARGIN, PART, toneOf } from './chart-parts.js';
import type { TeamAge, TeamReport } from './team.query.js';

const SERIES: readonly Series[] = [
  { key: 'overdue', name: 'Overdue', tone: 'late' },
  { key: 'dueToday', name: 'Due today', tone: 'soon' },
  { key: 'dueLater', name: 'Due later', tone: 'plain' },
  { key: 'withoutDue', name: 'No due time', tone: 'idle' },
];

interface OpenByAgeProps {
  readonly report: TeamReport;
  readonly onOpen: () => void;
}

export function OpenByAge({ report: { ages, open }, onOpen }: OpenByAgeProps) {
  const data = ages.map((age) => ({ ...age, name: ageWords(age) }));
  const oldest = [...data].reverse().find(({ total }) => total > 0);
  const summary = oldest
    ? `${open.total.toLocaleString()} open, ${open.overdue.toLocaleString()} of them overdue and ${open.dueToday.toLocaleString()} due today. The oldest: ${oldest.name}.`
    : 'No task is open.';
  return (
    <ChartCard
      title="Open now, by age"
      summary={summary}
      series={SERIES}
      columns={['Open for', ...SERIES.map(({ name }) => name), 'All']}
      rows={data.map(({ name, overdue, dueToday, dueLater, withoutDue, total }) => [name, overdue, dueToday, dueLater, withoutDue, total])}
      empty={oldest ? undefined : 'Nothing waits for anybody.'}
    >
      <BarChart data={data} margin={MARGIN} aria-label={`Open now, by age. ${summary}`} onClick={onOpen}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="name" {...AXIS} />
        <YAxis allowDecimals={false} width={36} {...AXIS} />
        {hint({ series: SERIES })}
        {SERIES.map((one) => (
          <Bar key={one.key} dataKey={one.key} stackId="age" fill={toneOf(one)} {...PART} cursor="pointer" />
        ))}
      </BarChart>
    </ChartCard>
  );
}

/** `under 1 h`, `1 h – 4 h`, `over 7 d`. */
export function ageWords({ fromMs, toMs }: Pick<TeamAge, 'fromMs' | 'toMs'>): string {
  if (toMs === null) return `over ${formatDuration(fromMs)}`;
  return fromMs === 0 ? `under ${formatDuration(toMs)}` : `${formatDuration(fromMs)} – ${formatDuration(toMs)}`;
}
