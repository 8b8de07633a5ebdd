import { Anchor } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmitterRuns } from './emitter-runs.js';
import type { EmitterDetails } from './emitters.query.js';
import { LedgerEquation } from './ledger-equation.js';
import { RejectedRecords } from './rejected-records.js';
import { SchedulePanel } from './schedule-panel.js';
import classes from './emitters.module.css';

export function EmitterCard({ emitter }: { readonly emitter: EmitterDetails }) {
  return (
    <article className={`panel ${classes.card}`} aria-label={emitter.title}>
      <header className={classes.header}>
        <h2 className={classes.name}>{emitter.title}</h2>
        <span className={classes.flow}>
          <code>{emitter.name}</code>
          <IconArrowRight size={14} aria-label="feeds" />
          <Anchor size="sm" renderRoot={(props) => <Link to="/runs" search={{ workflow: emitter.processor }} {...props} />}>
            <code>{emitter.processor}</code>
          </Anchor>
        </span>
      </header>
      <LedgerEquation ledger={emitter.ledger} processor={emitter.processor} />
      <div className={classes.parts}>
        <EmitterRuns runs={emitter.runs} />
        <SchedulePanel schedule={emitter.schedule} />
      </div>
      <RejectedRecords records={emitter.rejected} total={emitter.ledger.rejected} />
    </article>
  );
}
