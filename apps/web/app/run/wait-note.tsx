import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { answersWords } from '../inbox/task/reviews/review-words.js';
import { waitWords } from '../runs/wait-words.js';
import { isDecidable } from '../status/status-tone.js';
import { RelativeTime } from '../time/relative-time.js';
import type { RunDetails } from './run.query.js';
import classes from './run.module.css';

/** What a waiting run waits for, with the way there; and a queued one, when it is more than a worker. */
export function WaitNote({ run }: { readonly run: RunDetails }) {
  if (run.status !== 'waiting' && run.waitReasons.length === 0) return null;
  const task = run.tasks.find(({ status }) => isDecidable(status));
  return (
    <span className={classes.wait}>
      for {waitWords(run.waitReasons) || 'something'}
      {run.dueAt ? (
        <>
          , <RelativeTime at={run.dueAt} />
        </>
      ) : null}
      {task ? (
        <>
          {': '}
          <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/inbox/$taskId" params={{ taskId: task.id }} {...props} />}>
            {task.title}
          </Anchor>
          {task.reviews ? `, ${answersWords(task.reviews)}` : ''}
        </>
      ) : null}
    </span>
  );
}
