// What the charts have in common: how axes, hints and bars look. No animation: the numbers change while one looks at them.
import { Tooltip } from 'recharts';
import classes from './team.module.css';
import type { Series } from './chart-card.js';

export const AXIS = { tickLine: false, axisLine: false, tick: { fill: 'var(--text-soft)', fontSize: 11 } } as const;
export const MARGIN = { top: 6, right: 8, bottom: 0, left: 0 } as const;
/** A hair of the ground between the parts of a bar. */
export const PART = { stroke: 'var(--surface)', strokeWidth: 1, isAnimationActive: false } as const;

export function toneOf({ tone }: Series): string {
  return `var(--chart-${tone})`;
}

interface Hint {
  readonly active?: boolean;
  readonly label?: string | number;
  readonly payload?: readonly { readonly dataKey?: unknown; readonly value?: unknown }[];
}

interface HintProps {
  readonly series: readonly Series[];
  /** What the bar is called, by its place on the axis. */
  readonly nameOf?: (label: string) => string;
  readonly format?: (value: number) => string;
}

/** What stands at the bar under the pointer; also when it was reached by an arrow key. A function, as Recharts wants it among its own. */
export function hint({ series, nameOf = String, format = String }: HintProps) {
  return (
    <Tooltip
      cursor={{ fill: 'var(--hover)', stroke: 'var(--line-strong)' }}
      isAnimationActive={false}
      content={({ active, label, payload }: Hint) =>
        active && payload?.length ? (
          <div className={classes.hint} role="status">
            <strong>{nameOf(String(label))}</strong>
            {series.map(({ key, name, tone }) => {
              const value = payload.find(({ dataKey }) => dataKey === key)?.value;
              return typeof value === 'number' ? (
                <span key={key}>
                  <i className={classes.swatch} data-tone={tone} aria-hidden="true" /> {name}: {format(value)}
                </span>
              ) : null;
            })}
          </div>
        ) : null
      }
    />
  );
}
