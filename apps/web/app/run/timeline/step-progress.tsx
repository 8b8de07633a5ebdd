import type { RunStep } from '../run.query.js';
import classes from './timeline.module.css';

const count = new Intl.NumberFormat();

/** How far a node is that has much to do. The bar says no more than the words, so it is for the eye only. */
export function StepProgress({ progress: { done, total } }: { readonly progress: NonNullable<RunStep['progress']> }) {
  return (
    <span className={classes.progress}>
      {total === null ? (
        `${count.format(done)} done`
      ) : (
        <>
          {count.format(done)} of {count.format(total)}
          <span className={classes.progressBar} aria-hidden="true">
            <span style={{ width: `${total === 0 ? 100 : (done / total) * 100}%` }} />
          </span>
        </>
      )}
    </span>
  );
}
