import { Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { humaniseKey } from '../values/humanise-key.js';
import type { LedgerNumbers } from './emitters.query.js';
import { ledgerSum, type LedgerTerm } from './ledger-terms.js';
import { LedgerBar } from './ledger-bar.js';
import classes from './ledger.module.css';

const count = new Intl.NumberFormat();

interface LedgerEquationProps {
  readonly ledger: LedgerNumbers;
  /** The workflow whose runs the terms lead to. */
  readonly processor: string;
}

/** read = rejected + ... + canceled, with a mark that says whether it adds up. */
export function LedgerEquation({ ledger, processor }: LedgerEquationProps) {
  const { read, terms, sum, balances } = ledgerSum(ledger);
  return (
    <div className={classes.ledger}>
      <LedgerBar terms={terms} total={Math.max(read, sum)} />
      <div className={classes.equation} role="group" aria-label="Ledger">
        <span className={classes.term} data-total>
          <span className={classes.count}>{count.format(read)}</span>
          <span className={classes.word}>read</span>
        </span>
        {terms.map((term, index) => (
          <Fragment key={term.name}>
            <span className={classes.sign} aria-hidden="true">
              {index === 0 ? '=' : '+'}
            </span>
            <Term term={term} processor={processor} />
          </Fragment>
        ))}
        <Balance balances={balances} missing={read - sum} />
      </div>
    </div>
  );
}

function Term({ term, processor }: { readonly term: LedgerTerm; readonly processor: string }) {
  const content = (
    <>
      <span className={classes.count}>{count.format(term.count)}</span>
      <span className={classes.word}>
        <span className={classes.key} data-tone={term.tone} data-name={term.name} aria-hidden="true" />
        {term.name}
      </span>
    </>
  );
  const isZero = term.count === 0 || undefined;
  if (!term.status || term.count === 0) {
    return (
      <span className={classes.term} data-zero={isZero}>
        {content}
      </span>
    );
  }
  return (
    <Link to="/runs" search={{ workflow: processor, status: term.status }} className={classes.term}>
      {content}
      <span className="visually-hidden">: show these runs</span>
    </Link>
  );
}

function Balance({ balances, missing }: { readonly balances: boolean; readonly missing: number }) {
  const words = balances
    ? 'It adds up: every record that was read is accounted for.'
    : `It does not add up: ${count.format(Math.abs(missing))} ${missing < 0 ? 'too many' : 'missing'}.`;
  return (
    <Tooltip label={words}>
      <span className={classes.balance} data-balances={balances} role="status">
        {balances ? (
          <IconCircleCheck size={18} stroke={1.8} aria-hidden="true" />
        ) : (
          <IconAlertTriangle size={18} stroke={1.8} aria-hidden="true" />
        )}
        {humaniseKey(balances ? 'adds-up' : 'does-not-add-up')}
      </span>
    </Tooltip>
  );
}
