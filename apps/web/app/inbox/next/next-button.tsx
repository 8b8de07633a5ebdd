import { Button } from '@mantine/core';
import { KeyHint } from '../../actions/key-hint.js';
import classes from '../task/answer-panel.module.css';
import { useInbox } from '../inbox-context.js';

/** Where a task has nothing (more) to do for the viewer: on to the next one. */
export function NextButton() {
  const { claimNext, filter } = useInbox();
  // Who looks at what is over is not at work on what waits.
  if (filter.show === 'decided') return null;
  return (
    <Button data-action="inbox.next" onClick={claimNext}>
      Next task
      <KeyHint of="inbox.next" className={classes.key} />
    </Button>
  );
}
