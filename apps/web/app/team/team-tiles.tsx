import type { TeamReport } from './team.query.js';
import { durationWords } from './time-to-decide.js';
import classes from './team.module.css';

/** The figures that one looks at first. */
export function TeamTiles({ report: { open, ended } }: { readonly report: TeamReport }) {
  const missed = open.overdue + ended.decidedLate + ended.undecidedLate;
  const { count, p50Ms, p90Ms } = ended.sinceOpened;
  return (
    <dl className={classes.tiles} aria-label="At a glance">
      <Tile name="Open now" value={open.total.toLocaleString()} more={`${open.held.toLocaleString()} in somebody's hands`} />
      <Tile
        name="Overdue now"
        value={open.overdue.toLocaleString()}
        more={`${open.dueToday.toLocaleString()} more due today`}
        isBad={open.overdue > 0}
      />
      <Tile name="Decided" value={ended.decided.toLocaleString()} more={`${ended.canceled.toLocaleString()} of them by canceling`} />
      <Tile
        name="Missed due times"
        value={missed.toLocaleString()}
        more={`${ended.decidedLate.toLocaleString()} decided late`}
        isBad={missed > 0}
      />
      <Tile name="Time to decide" value={durationWords(p50Ms)} more={count === 0 ? 'nothing decided' : `p90 ${durationWords(p90Ms)}`} />
    </dl>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly more: string;
  readonly isBad?: boolean;
}

function Tile({ name, value, more, isBad = false }: TileProps) {
  return (
    <div className={`panel ${classes.tile}`}>
      <dt>{name}</dt>
      <dd className={classes.value} data-late={isBad || undefined}>
        {value}
      </dd>
      <dd className={classes.more}>{more}</dd>
    </div>
  );
}
