import { Alert, Code } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { RelativeTime } from '../time/relative-time.js';
import { humaniseKey } from '../values/humanise-key.js';
import { ScheduleActions } from './schedule-actions.js';
import type { ScheduleDetails } from './schedules.query.js';
import classes from './schedules.module.css';

interface ScheduleCardProps {
  readonly schedule: ScheduleDetails;
  readonly onChanged: () => void;
}

export function ScheduleCard({ schedule, onChanged }: ScheduleCardProps) {
  const { workflow, description, cron, zone, overlap, catchUp, isPaused, pausedAt, pausedBy, pauseReason } = schedule;
  return (
    <article className={`panel ${classes.card}`} aria-label={`Schedule of ${workflow}`}>
      <header className={classes.header}>
        <div>
          <h2 className={classes.name}>
            <Link to="/workflows/$name" params={{ name: workflow }}>
              {workflow}
            </Link>
          </h2>
          <p className={classes.words}>
            {description} <Code fz="xs">{cron}</Code>
          </p>
          <p className={classes.soft}>
            {zone} · overlap: {overlap} · missed: {catchUp}
          </p>
        </div>
        <ScheduleActions schedule={schedule} onChanged={onChanged} />
      </header>
      {isPaused && pausedAt ? (
        <Alert
          color="yellow"
          variant="light"
          p="xs"
          icon={<IconPlayerPause size={16} />}
          title={`Paused by ${pausedBy?.name ?? 'somebody'}`}
          role="status"
        >
          {pauseReason ? <p className={classes.reason}>{pauseReason}</p> : null}
          <RelativeTime at={pausedAt} />. What comes due meanwhile is skipped.
        </Alert>
      ) : null}
      <div className={classes.parts}>
        <Next schedule={schedule} />
        <Latest schedule={schedule} />
      </div>
    </article>
  );
}

function Next({ schedule: { nextFirings, cron, zone, isPaused } }: { readonly schedule: ScheduleDetails }) {
  const there = wallClock(cron, zone);
  const here = wallClock(cron);
  return (
    <section aria-label="Next slots">
      <h3 className={classes.heading}>{isPaused ? 'Next, skipped while it is paused' : 'Next'}</h3>
      <table className={classes.times}>
        <thead>
          <tr>
            <th scope="col">{zone}</th>
            <th scope="col">Your time</th>
            <th scope="col">
              <span className="visually-hidden">From now</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {nextFirings.map((at) => (
            <tr key={at}>
              <td className="numbers">{there.format(new Date(at))}</td>
              <td className="numbers">{here.format(new Date(at))}</td>
              <td className={classes.soft}>
                <RelativeTime at={at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** As precise as the expression: with seconds when it has a field for them. */
function wallClock(cron: string, timeZone?: string): Intl.DateTimeFormat {
  const seconds = cron.trim().split(/\s+/).length > 5 ? ({ second: '2-digit' } as const) : {};
  const zone = timeZone === undefined ? {} : { timeZone };
  return new Intl.DateTimeFormat(undefined, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ...seconds,
    ...zone,
  });
}

function Latest({ schedule: { slots } }: { readonly schedule: ScheduleDetails }) {
  return (
    <section aria-label="Latest slots">
      <h3 className={classes.heading}>Latest</h3>
      {slots.length === 0 ? <p className={classes.soft}>None has come due yet.</p> : null}
      <ul className={classes.slots}>
        {slots.map(({ dueAt, outcome, reason, runId }) => (
          <li key={dueAt}>
            <span className={classes.soft}>
              <RelativeTime at={dueAt} />
            </span>{' '}
            {runId ? (
              <Link to="/runs/$runId" params={{ runId }} className={classes.link}>
                {humaniseKey(outcome)}
              </Link>
            ) : (
              humaniseKey(outcome)
            )}
            {reason ? <span className={classes.soft}> {reason}</span> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
