import { SegmentedControl } from '@mantine/core';
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from 'recharts';
import { formatDuration } from '../time/format-duration.js';
import { formatDay } from '../time/format-instant.js';
import { ChartCard, type Series } from './chart-card.js';
import { AXIS, hint, MARGIN, toneOf } from './chart-parts.js';
import { durationTicks } from './duration-ticks.js';
import { shortDay } from './short-day.js';
import type { ClockName } from './team-search.js';
import type { DecisionTimes, TeamReport } from './team.query.js';

const SERIES: readonly Series[] = [
  { key: 'p50Ms', name: 'Half took no longer (p50)', tone: 'plain' },
  { key: 'p90Ms', name: 'Nine of ten took no longer (p90)', tone: 'late', isDashed: true },
];

const CLOCKS: Readonly<
  Record<ClockName, { readonly label: string; readonly words: string; readonly of: (ended: DecisionTimes) => DecisionTimes['sinceOpened'] }>
> = {
  opened: { label: 'Since opened', words: 'from opening to decision, by the wall clock', of: ({ sinceOpened }) => sinceOpened },
  taken: { label: 'Since taken', words: 'from when the reviewer took it, by the wall clock', of: ({ sinceTaken }) => sinceTaken },
  business: {
    label: 'Business time',
    words: "from opening to decision, by the workflow's calendar",
    of: ({ inBusinessTime }) => inBusinessTime,
  },
};

interface TimeToDecideProps {
  readonly report: TeamReport;
  readonly clock: ClockName;
  readonly onClock: (clock: ClockName) => void;
}

export function TimeToDecide({ report: { days, ended }, clock, onClock }: TimeToDecideProps) {
  const { words, of } = CLOCKS[clock];
  const all = of(ended);
  const data = days.map(({ date, ended: day }) => ({ date, name: formatDay(date), ...of(day) }));
  const ticks = durationTicks(Math.max(0, ...data.map(({ p90Ms }) => p90Ms ?? 0)));
  const summary =
    all.count === 0
      ? `Not known of any decision: ${words}.`
      : `Of ${all.count.toLocaleString()} decisions half took no longer than ${durationWords(all.p50Ms)}, nine of ten no longer than ${durationWords(all.p90Ms)}: ${words}.`;
  return (
    <ChartCard
      title="Time to decide"
      summary={summary}
      series={SERIES}
      columns={['Day', 'Decisions', 'p50', 'p90']}
      rows={data.map(({ name, count, p50Ms, p90Ms }) => [name, count, durationWords(p50Ms), durationWords(p90Ms)])}
      empty={all.count > 0 ? undefined : emptyWords(clock)}
      actions={
        <SegmentedControl
          size="xs"
          aria-label="By which clock"
          data={Object.entries(CLOCKS).map(([value, { label }]) => ({ value, label }))}
          value={clock}
          onChange={(value) => onClock(value as ClockName)}
        />
      }
    >
      <LineChart data={data} margin={MARGIN} aria-label={`Time to decide. ${summary}`}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="date" tickFormatter={shortDay} minTickGap={16} {...AXIS} />
        <YAxis
          width={56}
          ticks={ticks}
          domain={[0, ticks.at(-1) ?? 0]}
          tickFormatter={(ms: number) => (ms === 0 ? '0' : formatDuration(ms))}
          {...AXIS}
        />
        {hint({ series: SERIES, nameOf: formatDay, format: formatDuration })}
        {SERIES.map((one) => (
          <Line
            key={one.key}
            dataKey={one.key}
            stroke={toneOf(one)}
            strokeWidth={2}
            {...(one.isDashed ? { strokeDasharray: '5 4' } : {})}
            dot={{ r: 2.5, fill: toneOf(one), strokeWidth: 0 }}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ChartCard>
  );
}

export function durationWords(ms: number | null): string {
  return ms === null ? '–' : formatDuration(ms);
}

function emptyWords(clock: ClockName): string {
  if (clock === 'business') return 'No task of a workflow with a calendar was decided in this period.';
  return clock === 'taken' ? 'No task was taken and then decided in this period.' : 'Nothing was decided in this period.';
}
