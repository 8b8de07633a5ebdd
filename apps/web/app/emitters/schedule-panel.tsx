import { Code } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { formatInstant } from '../time/format-instant.js';
import { RelativeTime } from '../time/relative-time.js';
import { humaniseKey } from '../values/humanise-key.js';
import type { EmitterDetails } from './emitters.query.js';
import classes from './emitters.module.css';

/** When it starts by itself, in words and in times. */
export function SchedulePanel({ schedule }: { readonly schedule: EmitterDetails['schedule'] }) {
  if (!schedule) {
    return (
      <section aria-label="Schedule" className={classes.part}>
        <h3 className={classes.heading}>Schedule</h3>
        <p className={classes.soft}>None: it runs when somebody starts it.</p>
      </section>
    );
  }
  return (
    <section aria-label="Schedule" className={classes.part}>
      <h3 className={classes.heading}>Schedule</h3>
      <p className={classes.words}>
        {schedule.description} <Code fz="xs">{schedule.cron}</Code>
      </p>
      <p className={classes.soft}>
        {schedule.zone} · overlap: {schedule.overlap} · missed: {schedule.catchUp}
      </p>
      <h4 className={classes.small}>Next</h4>
      <ul className={classes.times}>
        {schedule.nextFirings.map((at) => (
          <li key={at}>
            <RelativeTime at={at} /> <span className={classes.soft}>{formatInstant(at)}</span>
          </li>
        ))}
      </ul>
      {schedule.slots.length > 0 ? (
        <>
          <h4 className={classes.small}>Latest</h4>
          <ul className={classes.times}>
            {schedule.slots.map((slot) => (
              <li key={slot.dueAt}>
                <RelativeTime at={slot.dueAt} />{' '}
                {slot.runId ? (
                  <Link to="/runs/$runId" params={{ runId: slot.runId }} className={classes.slotLink}>
                    {humaniseKey(slot.outcome)}
                  </Link>
                ) : (
                  <span>{humaniseKey(slot.outcome)}</span>
                )}
                {slot.reason ? <span className={classes.soft}> {slot.reason}</span> : null}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
