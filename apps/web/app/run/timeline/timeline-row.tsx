import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import { StatusDot } from '../../status/status-badge.js';
import { toneOf } from '../../status/status-tone.js';
import { formatDuration } from '../../time/format-duration.js';
import { humaniseKey } from '../../values/humanise-key.js';
import type { RunDetails, RunStep } from '../run.query.js';
import { shownStatus } from '../shown-status.js';
import type { Bar } from './bars.js';
import { KindIcon } from '../../graph/kind-icon.js';
import { StepDetails } from './step-details.js';
import { StepProgress } from './step-progress.js';
import type { TimeScale } from './time-scale.js';
import classes from './timeline.module.css';

interface TimelineRowProps {
  readonly run: RunDetails;
  /** Named by the address: open, and in sight. */
  readonly isChosen: boolean;
  readonly step: RunStep;
  readonly depth: number;
  readonly bars: readonly Bar[];
  readonly scale: TimeScale;
}

export function TimelineRow({ run, isChosen, step, depth, bars, scale }: TimelineRowProps) {
  const [isOpen, setOpen] = useState(isChosen);
  const [wasChosen, setWasChosen] = useState(isChosen);
  if (isChosen !== wasChosen) {
    setWasChosen(isChosen);
    if (isChosen) setOpen(true);
  }
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isChosen) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  const navigate = useNavigate({ from: '/runs/$runId' });
  const toggle = () => {
    setOpen(!isOpen);
    void navigate({ search: isOpen ? {} : { node: step.key }, replace: true, resetScroll: false });
  };
  const detailsId = useId();
  const attempts = step.attempts.length;
  return (
    <li ref={item} className={classes.item} data-chosen={isChosen || undefined}>
      <UnstyledButton className={classes.row} aria-expanded={isOpen} aria-controls={detailsId} onClick={toggle}>
        <span className={classes.label} style={{ paddingLeft: depth * 14 }}>
          <IconChevronRight size={13} className={classes.chevron} data-open={isOpen || undefined} aria-hidden="true" />
          <KindIcon kind={step.kind} />
          <span className="ellipsis">{humaniseKey(step.nodeId)}</span>
          <span className="visually-hidden">
            , {step.kind}, {shownStatus(step)},
          </span>
          {step.iteration ? <span className={classes.iteration}>{step.iteration}</span> : null}
          {step.progress ? <StepProgress progress={step.progress} /> : null}
          {attempts > 1 ? <span className={classes.attempts}>×{attempts}</span> : null}
        </span>
        <span className={classes.track}>
          {bars.map((bar, index) => (
            <BarView key={index} bar={bar} kind={step.kind} scale={scale} />
          ))}
        </span>
        <span className={classes.length}>
          <StatusDot status={shownStatus(step)} />
          {lengthOf(bars)}
        </span>
      </UnstyledButton>
      <div id={detailsId} hidden={!isOpen}>
        {isOpen ? <StepDetails run={run} step={step} /> : null}
      </div>
    </li>
  );
}

function BarView({ bar, kind, scale }: { readonly bar: Bar; readonly kind: string; readonly scale: TimeScale }) {
  const left = scale.position(bar.from);
  const width = scale.position(bar.to) - left;
  const style = { left: `${left * 100}%`, width: bar.kind === 'point' ? undefined : `${width * 100}%` };
  return (
    <Tooltip label={describe(bar)} multiline maw={380}>
      <span
        className={classes.bar}
        data-kind={bar.kind}
        data-node={kind}
        data-status={bar.status}
        data-tone={toneOf(bar.status)}
        style={style}
      />
    </Tooltip>
  );
}

function describe(bar: Bar): string {
  const length = formatDuration(bar.to - bar.from);
  if (bar.status === 'incident') return `Waits for an operator, ${length}`;
  if (bar.kind === 'pause') return `Pause of ${length} before attempt ${bar.attempt ?? 2}`;
  const which = bar.attempt === undefined ? '' : `Attempt ${bar.attempt}: `;
  return `${which}${bar.status}, ${length}${bar.message ? `. ${bar.message}` : ''}`;
}

function lengthOf(bars: readonly Bar[]): string {
  const [first] = bars;
  const last = bars.at(-1);
  return first && last ? formatDuration(last.to - first.from) : '';
}
