import { Tooltip } from '@mantine/core';
import { useConnectionState } from './connection-state.js';
import classes from './live-dot.module.css';

const WORDS = {
  idle: 'Not listening for changes',
  connecting: 'Connecting',
  live: 'Live: changes appear by themselves',
  lost: 'Connection lost: asking again every few seconds',
} as const;

/** Tells whether what is shown follows the server by itself. */
export function LiveDot() {
  const state = useConnectionState();
  return (
    <Tooltip label={WORDS[state]}>
      <span className={classes.dot} data-state={state} role="status" aria-label={WORDS[state]} />
    </Tooltip>
  );
}
