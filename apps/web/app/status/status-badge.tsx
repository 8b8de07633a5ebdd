import { isLiveStatus, toneOf, type AnyStatus } from './status-tone.js';
import { humaniseKey } from '../values/humanise-key.js';
import classes from './status-badge.module.css';

/** A status by colour, shape and word; never by colour alone. */
export function StatusBadge({ status }: { readonly status: AnyStatus }) {
  return (
    <span className={classes.badge} data-tone={toneOf(status)}>
      <StatusDot status={status} />
      {humaniseKey(status)}
    </span>
  );
}

export function StatusDot({ status }: { readonly status: AnyStatus }) {
  return <span className={classes.dot} data-tone={toneOf(status)} data-live={isLiveStatus(status) || undefined} aria-hidden="true" />;
}
