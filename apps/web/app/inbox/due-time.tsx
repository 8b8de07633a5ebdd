import { Tooltip } from '@mantine/core';
import { formatDuration } from '../time/format-duration.js';
import { formatInstantFully } from '../time/format-instant.js';
import { useNow } from '../time/ticking-now.js';
import classes from './due-time.module.css';

/** Within this time before it is due a task is shown as urgent. */
const SOON_MS = 3_600_000;

/** When a task is due, louder as the time comes near. */
export function DueTime({ at }: { readonly at: string }) {
  const left = Date.parse(at) - useNow(30_000);
  const urgency = left < 0 ? 'late' : left < SOON_MS ? 'soon' : undefined;
  const [amount, unit] = formatDuration(Math.abs(left)).split(' ');
  return (
    <Tooltip label={`Due ${formatInstantFully(at)}`}>
      <time dateTime={at} className={`numbers ${classes.due}`} data-urgency={urgency}>
        {left < 0 ? `${amount} ${unit} overdue` : `due in ${amount} ${unit}`}
      </time>
    </Tooltip>
  );
}
