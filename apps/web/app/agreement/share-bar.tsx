import { percent } from '../form/states/state-words.js';
import classes from './agreement.module.css';

/** A share as a bar, with its number beside it. */
export function ShareBar({ part, whole }: { readonly part: number; readonly whole: number }) {
  if (whole === 0) return <span className={classes.soft}>not suggested</span>;
  return (
    <span className={classes.share}>
      <span className={classes.track} aria-hidden="true">
        <span className={classes.fill} style={{ width: `${(part / whole) * 100}%` }} />
      </span>
      <span className="numbers">
        {percent(part / whole)} <span className={classes.soft}>({part})</span>
      </span>
    </span>
  );
}
