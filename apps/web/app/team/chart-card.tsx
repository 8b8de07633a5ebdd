// A chart with its name, what it says in one sentence, its legend, and the same numbers as a table: a picture alone is for some only.
import type { ReactNode } from 'react';
import { ResponsiveContainer } from 'recharts';
import classes from './team.module.css';

export interface Series {
  readonly key: string;
  readonly name: string;
  /** Of team.module.css: `late`. Told apart by lightness, too. */
  readonly tone: 'plain' | 'late' | 'soon' | 'idle';
  readonly isDashed?: boolean;
}

interface ChartCardProps {
  readonly title: string;
  /** What one would tell somebody who does not see it. */
  readonly summary: string;
  readonly series: readonly Series[];
  /** Of the table: the first names the rows. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly actions?: ReactNode;
  /** Instead of the picture, when there is nothing to show. */
  readonly empty?: string | undefined;
  readonly height?: number;
  readonly children: ReactNode;
}

export function ChartCard({ title, summary, series, columns, rows, actions, empty, height = 220, children }: ChartCardProps) {
  return (
    <figure className={`panel ${classes.card}`} aria-label={title} role="group">
      <div className={classes.cardHead}>
        <h2 className={classes.cardTitle}>{title}</h2>
        {actions}
      </div>
      <p className={classes.summary}>{summary}</p>
      {empty === undefined ? (
        <>
          <ul className={classes.legend} aria-label="Legend">
            {series.map(({ key, name, tone, isDashed }) => (
              <li key={key}>
                <span className={classes.swatch} data-tone={tone} data-dashed={isDashed || undefined} aria-hidden="true" />
                {name}
              </li>
            ))}
          </ul>
          <div className={classes.chart} style={{ height }}>
            <ResponsiveContainer width="100%" height="100%">
              {children}
            </ResponsiveContainer>
          </div>
        </>
      ) : (
        <p className={classes.nothing}>{empty}</p>
      )}
      <details className={classes.asTable}>
        <summary>As a table</summary>
        <div className={classes.scroll} role="region" aria-label={`${title}, as a table`} tabIndex={0}>
          <table className={classes.table}>
            <thead>
              <tr>
                {columns.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([head, ...cells], place) => (
                <tr key={`${head} ${place}`}>
                  <th scope="row">{head}</th>
                  {cells.map((cell, at) => (
                    <td key={columns[at + 1]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
