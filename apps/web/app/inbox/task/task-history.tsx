import { RelativeTime } from '../../time/relative-time.js';
import { humaniseKey } from '../../values/humanise-key.js';
import { isRecord } from '../../values/shape.js';
import { ValueView } from '../../values/value-view.js';
import type { TaskDetails } from './task.query.js';
import classes from './task-history.module.css';

/** Who did what with the task, oldest first; folded, because most decisions need none of it. */
export function TaskHistory({ entries }: { readonly entries: TaskDetails['history'] }) {
  if (entries.length === 0) return null;
  return (
    <details className={classes.history}>
      <summary>History ({entries.length})</summary>
      <ol className={classes.entries}>
        {entries.map(({ kind, at, actor, details }, index) => (
          <li key={index}>
            <span className={classes.kind}>{humaniseKey(kind)}</span>
            {actor ? ` by ${actor.name}` : ''}
            <span className={classes.when}>
              <RelativeTime at={at} />
            </span>
            {details !== null && isRecord(details) && Object.keys(details).length > 0 ? (
              <div className={classes.details}>
                <ValueView value={details} />
              </div>
            ) : null}
          </li>
        ))}
      </ol>
    </details>
  );
}
