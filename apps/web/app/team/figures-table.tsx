// A table of figures, a row per person or per screen. What leads on is a link, so that the keyboard has what a click on a bar has.
import type { ReactNode } from 'react';
import { durationWords } from './time-to-decide.js';
import type { Ended } from './team.query.js';
import classes from './team.module.css';

export interface FiguresRow {
  readonly key: string;
  readonly head: ReactNode;
  /** What is open; a link to it where there is one. */
  readonly open: ReactNode;
  readonly overdue: number;
  readonly ended: Ended;
  /** To tasks that several people answer, without those that decided. */
  readonly answers: number;
  /** Only of people. */
  readonly takenBack?: number;
}

interface FiguresTableProps {
  readonly title: string;
  /** What a row is of. */
  readonly of: string;
  readonly rows: readonly FiguresRow[];
  /** Whether the figures of what nobody decided say something here. */
  readonly hasUndecided?: boolean;
}

export function FiguresTable({ title, of, rows, hasUndecided = false }: FiguresTableProps) {
  const hasTakenBack = rows.some(({ takenBack }) => takenBack !== undefined);
  const hasAnswers = rows.some(({ answers }) => answers > 0);
  const hasBusiness = rows.some(({ ended }) => ended.inBusinessTime.count > 0);
  return (
    <section className={`panel ${classes.card}`} aria-label={title}>
      <h2 className={classes.cardTitle}>{title}</h2>
      <p className={classes.summary}>
        Times: half of the decisions took no longer than the first, nine of ten no longer than the second (p50 / p90).
        {hasAnswers ? ' Answers are those to tasks that several people answer, but for the one of each that decided it.' : null}
      </p>
      <div className={classes.scroll} role="region" aria-label={`${title}, the table`} tabIndex={0}>
        <table className={classes.table}>
          <thead>
            <tr>
              {[
                ...[of, 'Open', 'Overdue', 'Decided', 'In time'],
                ...(hasAnswers ? ['Answers'] : []),
                ...(hasUndecided ? ['By nobody', 'Withdrawn'] : []),
                ...(hasTakenBack ? ['Taken back'] : []),
                ...['Since opened', 'Since taken'],
                ...(hasBusiness ? ['Business time'] : []),
              ].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, head, open, overdue, ended, answers, takenBack }) => (
              <tr key={key}>
                <th scope="row">{head}</th>
                <td>{open}</td>
                <td data-late={overdue > 0 || undefined}>{overdue.toLocaleString()}</td>
                <td>{ended.decided.toLocaleString()}</td>
                <td>{inTimeWords(ended)}</td>
                {hasAnswers ? <td>{answers.toLocaleString()}</td> : null}
                {hasUndecided ? (
                  <>
                    <td>{(ended.answeredByDefault + ended.expired).toLocaleString()}</td>
                    <td>{ended.withdrawn.toLocaleString()}</td>
                  </>
                ) : null}
                {hasTakenBack ? <td>{(takenBack ?? 0).toLocaleString()}</td> : null}
                <td>{timesWords(ended.sinceOpened)}</td>
                <td>{timesWords(ended.sinceTaken)}</td>
                {hasBusiness ? <td>{timesWords(ended.inBusinessTime)}</td> : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Of what was decided; rounded down, so that 100 % is all of it. */
function inTimeWords({ decided, decidedLate }: Ended): string {
  return decided === 0 ? '–' : `${Math.floor(((decided - decidedLate) / decided) * 100)} %`;
}

function timesWords({ p50Ms, p90Ms }: Ended['sinceOpened']): string {
  return p50Ms === null ? '–' : `${durationWords(p50Ms)} / ${durationWords(p90Ms)}`;
}
