import { Link } from '@tanstack/react-router';
import { StatusBadge } from '../status/status-badge.js';
import { Elapsed } from '../time/elapsed.js';
import { RelativeTime } from '../time/relative-time.js';
import type { EmitterDetails } from './emitters.query.js';
import { LedgerBar } from './ledger-bar.js';
import { ledgerSum } from './ledger-terms.js';
import { stretches, type Stretch } from './quiet-stretches.js';
import classes from './emitters.module.css';

const count = new Intl.NumberFormat();

/** Its latest runs, each with what became of the records that it read. */
export function EmitterRuns({ runs }: { readonly runs: EmitterDetails['runs'] }) {
  return (
    <section aria-label="Latest runs" className={classes.part}>
      <h3 className={classes.heading}>Latest runs</h3>
      {runs.length === 0 ? <p className={classes.soft}>It has not run yet.</p> : null}
      <ul className={classes.runs}>
        {stretches(runs).map((stretch) => (
          <li key={stretch.kind === 'run' ? stretch.run.run.id : stretch.earliest.run.id}>
            {stretch.kind === 'run' ? <RunWithNews run={stretch.run} /> : <QuietRuns stretch={stretch} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function RunWithNews({ run: { run, ledger } }: { readonly run: EmitterDetails['runs'][number] }) {
  const { terms, read, sum, balances } = ledgerSum(ledger);
  const shown = terms.filter((term) => term.count > 0);
  return (
    <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.run}>
      <StatusBadge status={run.status} />
      <span className={classes.ledger}>
        <LedgerBar terms={terms} total={Math.max(read, sum)} isSmall />
        <span className={classes.soft}>
          {count.format(read)} read{shown.length > 0 ? ': ' : ''}
          {shown.map((term) => `${count.format(term.count)} ${term.name}`).join(', ')}
          {balances ? '' : ' (does not add up)'}
        </span>
      </span>
      <span className={classes.when}>
        <RelativeTime at={run.createdAt} />
        <Elapsed from={run.createdAt} to={run.endedAt} />
      </span>
    </Link>
  );
}

function QuietRuns({ stretch: { count: runs, latest, earliest } }: { readonly stretch: Extract<Stretch, { kind: 'quiet' }> }) {
  return (
    <Link to="/runs/$runId" params={{ runId: latest.run.id }} className={classes.run} data-quiet>
      <span className={classes.soft}>Nothing new</span>
      <span className={`${classes.soft} ${classes.quiet}`}>
        {runs === 1 ? 'one run' : `${count.format(runs)} runs`}
        {runs === 1 ? null : (
          <>
            {', the first '}
            <RelativeTime at={earliest.run.createdAt} />
          </>
        )}
      </span>
      <span className={classes.when}>
        <RelativeTime at={latest.run.createdAt} />
      </span>
    </Link>
  );
}
