import { Bar, BarChart, CartesianGrid, XAxis, YAxis } from 'recharts';
import { ChartCard, type Series } from './chart-card.js';
import { AXIS, hint, MARGIN, PART, toneOf } from './chart-parts.js';
import type { TeamReport, TeamScreen } from './team.query.js';

const SERIES: readonly Series[] = [
  { key: 'open', name: 'Open and overdue', tone: 'late' },
  { key: 'decided', name: 'Decided late', tone: 'soon' },
  { key: 'byNobody', name: 'Ended late, by nobody', tone: 'idle' },
];
/** More bars are no picture; the table has them all. */
const MOST_BARS = 10;
const BAR = 34;

interface BreachesProps {
  readonly report: TeamReport;
  readonly onOpen: (screen: Pick<TeamScreen, 'workflow' | 'screen'>) => void;
}

export function Breaches({ report: { screens, open, ended }, onOpen }: BreachesProps) {
  const data = screens
    .map(({ workflow, screen, title, open: waiting, ended: { decidedLate, undecidedLate } }) => ({
      ...{ workflow, screen, title, name: `${title} (${workflow})` },
      ...{ open: waiting.overdue, decided: decidedLate, byNobody: undecidedLate, all: waiting.overdue + decidedLate + undecidedLate },
    }))
    .sort((a, b) => b.all - a.all);
  const bars = data.filter(({ all }) => all > 0).slice(0, MOST_BARS);
  const total = open.overdue + ended.decidedLate + ended.undecidedLate;
  const [worst] = bars;
  const summary = worst
    ? `${total.toLocaleString()} tasks missed their due time: ${open.overdue.toLocaleString()} are still open. Most are of "${worst.name}": ${worst.all.toLocaleString()}.`
    : 'No task missed its due time.';
  return (
    <ChartCard
      title="Missed due times"
      summary={summary}
      series={SERIES}
      columns={['Screen', ...SERIES.map(({ name }) => name), 'All']}
      rows={data.map(({ name, open: waiting, decided, byNobody, all }) => [name, waiting, decided, byNobody, all])}
      empty={worst ? undefined : 'Everything that has a due time was decided by then, or still has time.'}
      height={Math.max(120, bars.length * BAR + 30)}
    >
      <BarChart
        data={bars}
        layout="vertical"
        margin={MARGIN}
        aria-label={`Missed due times. ${summary}`}
        onClick={({ activeIndex }) => {
          const bar = bars[Number(activeIndex)];
          if (bar) onOpen(bar);
        }}
      >
        <CartesianGrid horizontal={false} stroke="var(--line)" />
        <XAxis type="number" allowDecimals={false} {...AXIS} />
        <YAxis type="category" dataKey="name" width={140} {...AXIS} />
        {hint({ series: SERIES })}
        {SERIES.map((one) => (
          <Bar key={one.key} dataKey={one.key} stackId="screen" fill={toneOf(one)} {...PART} cursor="pointer" />
        ))}
      </BarChart>
    </ChartCard>
  );
}
