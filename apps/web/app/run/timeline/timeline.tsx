import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { hasEnded } from '../../status/status-tone.js';
import { formatDuration } from '../../time/format-duration.js';
import { useNow } from '../../time/ticking-now.js';
import type { RunDetails } from '../run.query.js';
import { barsOf } from './bars.js';
import { stepTree } from './step-tree.js';
import { timeScale, type ScaleMode } from './time-scale.js';
import { TimelineRow } from './timeline-row.js';
import classes from './timeline.module.css';

/** Steps and attempts in time; what goes on now grows. */
export function Timeline({ run, node }: { readonly run: RunDetails; readonly node: string | undefined }) {
  const chosen = run.steps.find(({ key, path }) => key === node || path === node)?.key;
  const [mode, setMode] = useState<ScaleMode>('compressed');
  const ticking = useNow();
  // A run that ended has an end; one that was just read may be ahead of the last tick.
  const start = Date.parse(run.createdAt);
  const end = run.endedAt ? Date.parse(run.endedAt) : Math.max(ticking, start);
  const places = useMemo(() => stepTree(run.steps), [run.steps]);
  const rows = useMemo(() => places.map((place) => ({ ...place, bars: barsOf(place.step, end) })), [places, end]);
  const scale = useMemo(() => {
    const instants = rows.flatMap(({ bars }) => bars.flatMap(({ from, to }) => [from, to]));
    return timeScale([start, end, ...instants], mode);
  }, [rows, start, end, mode]);

  return (
    <section className={`panel ${classes.timeline}`} aria-label="Timeline">
      <header className={classes.header}>
        <h2 className={classes.title}>Timeline</h2>
        <SegmentedControl
          size="xs"
          value={mode}
          onChange={(value) => setMode(value)}
          aria-label="Scale of the timeline"
          data={[
            { value: 'compressed', label: 'Readable' },
            { value: 'exact', label: 'To scale' },
          ]}
        />
      </header>
      {rows.length === 0 ? (
        <p className={classes.nothing}>{hasEnded(run.status) ? 'No step was reached.' : 'No step has begun yet.'}</p>
      ) : (
        <>
          <div className={classes.axis} aria-hidden="true">
            <div className={classes.track}>
              {scale.ticks.filter(isTold(start)).map(({ at, position }) => (
                <span key={at} className={classes.tick} style={{ left: `${position * 100}%` }} data-last={position === 1 || undefined}>
                  {at === start ? '0' : formatDuration(at - start)}
                </span>
              ))}
            </div>
          </div>
          <ol className={classes.rows}>
            {rows.map(({ step, depth, bars }) => (
              <TimelineRow key={step.key} run={run} isChosen={step.key === chosen} step={step} depth={depth} bars={bars} scale={scale} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

/** Leaves out a mark that would say the same as the one after it (an hour, and an hour and a second). */
function isTold(start: number) {
  return ({ at }: { readonly at: number }, index: number, ticks: readonly { readonly at: number }[]) => {
    const next = ticks[index + 1];
    return next === undefined || formatDuration(at - start) !== formatDuration(next.at - start);
  };
}
