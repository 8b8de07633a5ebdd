import type { LedgerTerm } from './ledger-terms.js';
import classes from './ledger.module.css';

interface LedgerBarProps {
  readonly terms: readonly LedgerTerm[];
  readonly total: number;
  readonly isSmall?: boolean;
}

/** The terms of a ledger as shares of one bar; the numbers beside it say the same in text. */
export function LedgerBar({ terms, total, isSmall = false }: LedgerBarProps) {
  return (
    <div className={classes.bar} data-small={isSmall || undefined} aria-hidden="true">
      {terms.map(({ name, tone, count }) =>
        count === 0 ? null : (
          <span key={name} data-tone={tone} data-name={name} style={{ flexGrow: count / Math.max(1, total) }} title={`${count} ${name}`} />
        ),
      )}
    </div>
  );
}
