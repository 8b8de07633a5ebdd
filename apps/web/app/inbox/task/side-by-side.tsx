// What is to be judged beside the answer, below each other where there is no room. With documents the line between them can be moved; where
// it was moved to is kept in this browser.
import { useLocalStorage } from '@mantine/hooks';
import { useRef, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import layout from './task.module.css';
import classes from './side-by-side.module.css';

const LEAST = 260;
const MOST = 800;
const USUAL = 370;
const STEP = 24;

interface SideBySideProps {
  readonly isSplit: boolean;
  readonly facts: ReactNode;
  readonly answer: ReactNode;
  /** Below what is to be judged; behind the answer where there is no room. */
  readonly below: ReactNode;
}

export function SideBySide({ isSplit, facts, answer, below }: SideBySideProps) {
  const [kept, setWidth] = useLocalStorage({ key: 'stepwell-form-width', defaultValue: USUAL, getInitialValueInEffect: false });
  const answerBox = useRef<HTMLDivElement>(null);
  const from = useRef<{ readonly x: number; readonly width: number }>(undefined);
  if (!isSplit) {
    return (
      <div className={layout.body}>
        <div className={layout.facts}>{facts}</div>
        <div className={layout.answer}>{answer}</div>
        <div className={layout.below}>{below}</div>
      </div>
    );
  }
  const width = within(kept);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    // As wide as it is, which may be less than what was asked for.
    from.current = { x: event.clientX, width: answerBox.current?.getBoundingClientRect().width ?? width };
  };
  const onPointerMove = ({ clientX }: PointerEvent) => {
    if (from.current) setWidth(within(from.current.width + from.current.x - clientX));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowLeft: width + STEP, ArrowRight: width - STEP, Home: MOST, End: LEAST }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setWidth(within(next));
  };
  return (
    <div className={`${layout.body} ${classes.split}`} style={{ '--answer-width': `${width}px` } as CSSProperties}>
      <div className={layout.facts}>{facts}</div>
      <div
        className={classes.line}
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label="Width of the form"
        aria-valuenow={width}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => (from.current = undefined)}
        onPointerCancel={() => (from.current = undefined)}
        onDoubleClick={() => setWidth(USUAL)}
        onKeyDown={onKeyDown}
      />
      <div ref={answerBox} className={layout.answer}>
        {answer}
      </div>
      <div className={layout.below}>{below}</div>
    </div>
  );
}

function within(width: number): number {
  return Number.isFinite(width) ? Math.round(Math.min(MOST, Math.max(LEAST, width))) : USUAL;
}
