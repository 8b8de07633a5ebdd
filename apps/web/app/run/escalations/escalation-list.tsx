import { StatusDot } from '../../status/status-badge.js';
import { formatInstantShortly } from '../../time/format-instant.js';
import { RelativeTime } from '../../time/relative-time.js';
import { humaniseKey } from '../../values/humanise-key.js';
import { chainLine, type Escalation } from './escalation-words.js';
import classes from './escalation-list.module.css';

/** What happens in turn while nobody decides: what has come and when, what comes next, and what came no more. */
export function EscalationList({ escalations }: { readonly escalations: readonly Escalation[] }) {
  return (
    <section aria-label="While nobody decides">
      <h3 className={classes.title}>While nobody decides</h3>
      <ol className={classes.list}>
        {escalations.map((escalation) => {
          const { key, status, words, at, note } = chainLine(escalation);
          return (
            <li key={key} data-status={status}>
              <StatusDot status={status} />
              <span className={classes.words}>
                {words}
                <span className="visually-hidden">, {humaniseKey(status)}</span>
                {escalation.error ? <span className={classes.error}>{escalation.error.message}</span> : null}
              </span>
              <span className={classes.when}>
                {at === null ? (
                  note
                ) : (
                  <>
                    {formatInstantShortly(at)}, <RelativeTime at={at} />
                  </>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
