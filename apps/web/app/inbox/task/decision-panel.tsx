import { Alert, Button, CopyButton } from '@mantine/core';
import { useEffect } from 'react';
import type { Json } from '../../graphql.js';
import { useSession } from '../../session/session.js';
import { RelativeTime } from '../../time/relative-time.js';
import { humaniseKey } from '../../values/humanise-key.js';
import { ValueView } from '../../values/value-view.js';
import { sameJson } from '../../values/same-json.js';
import { NextButton } from '../next/next-button.js';
import { UndoButton } from '../undo/undo-button.js';
import type { DeskState } from './desk/task-desk.js';
import { AgreedFields } from './agreed-fields.js';
import { ReviewTable } from './reviews/review-table.js';
import { SealNote } from './seal/seal-note.js';
import type { TaskState } from './task.query.js';
import classes from './answer-panel.module.css';

interface DecisionPanelProps {
  /** The JSON Schema of the answer. */
  readonly form: Json;
  readonly state: DeskState;
  readonly onReady: () => void;
  readonly onUndo: () => void;
  /** It is one's own, and can be taken back. */
  readonly onUndoable: () => void;
}

/** How the task ended. Who was slower keeps what they typed. */
export function DecisionPanel({ form, state, onReady, onUndo, onUndoable }: DecisionPanelProps) {
  const { viewer } = useSession();
  const { task, answer, isTouched } = state;
  const isOwn = task.decidedBy?.id === viewer.id;
  const isBeaten = isTouched && !(isOwn && sameJson(answer, task.answer));
  useEffect(onReady, [onReady]);
  const isUndoable = isOwn && task.undoUntil !== null;
  useEffect(() => {
    if (isUndoable) onUndoable();
  }, [isUndoable, onUndoable]);

  return (
    <section className={`panel ${classes.panel}`} style={{ paddingBottom: 14 }} aria-label="Decision">
      <header className={classes.header}>
        <h2 className={classes.title}>{titleOf(task, isOwn)}</h2>
        {isOwn ? <UndoButton task={task} onUndo={onUndo} /> : null}
        {task.endedAt ? <RelativeTime at={task.endedAt} /> : null}
      </header>
      {task.decidedBy === null ? (
        <Alert color="yellow" variant="light" p="xs" mb="sm" role={isBeaten ? 'alert' : 'note'}>
          {task.status === 'expired'
            ? 'The last step of its escalation came before anybody decided, and its screen has failed. The history says why.'
            : 'Its run has ended, or went another way, before anybody decided.'}
          {isBeaten ? ' What you typed is kept below.' : ''}
        </Alert>
      ) : isByDefault(task) ? (
        <Alert color="yellow" variant="light" p="xs" mb="sm" role={isBeaten ? 'alert' : 'note'}>
          Nobody decided in time, so its escalation gave this answer.{isBeaten ? ' What you typed is kept below.' : ''}
        </Alert>
      ) : isBeaten && !isOwn ? (
        <Alert color="yellow" variant="light" p="xs" mb="sm" role="alert">
          {task.decidedBy.name} was faster. A task is decided once; what you typed is kept below.
        </Alert>
      ) : null}
      {task.answer === null ? null : <ValueView value={task.answer} form={form} />}
      {task.reviews && task.reviews.shown.length > 0 ? (
        <section aria-label="All answers" style={{ marginTop: 16 }}>
          <h3 className={classes.title}>All answers</h3>
          <ReviewTable reviews={task.reviews} form={form} />
        </section>
      ) : null}
      {task.agreement && task.agreement.length > 0 ? <AgreedFields fields={task.agreement} /> : null}
      {task.decidedBy ? <SealNote taskId={task.id} /> : null}
      {isBeaten ? (
        <section aria-label="What you typed" style={{ marginTop: 16 }}>
          <header className={classes.header}>
            <h3 className={classes.title}>What you typed</h3>
            <CopyButton value={JSON.stringify(answer, null, 2)}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="default" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </header>
          <ValueView value={answer} form={form} />
        </section>
      ) : null}
      <p style={{ margin: '14px 0 0' }}>
        <NextButton />
      </p>
    </section>
  );
}

/** Who decides what nobody has decided in time. */
function isByDefault({ decidedBy }: TaskState): boolean {
  return decidedBy?.id === 'escalation';
}

function titleOf(task: TaskState, isOwn: boolean): string {
  if (isByDefault(task)) return 'Answered by default';
  if (task.status === 'expired') return 'Nobody decided in time';
  if (!task.decidedBy) return 'No longer needed';
  return `${task.status === 'completed' ? 'Decided' : humaniseKey(task.status)} by ${isOwn ? 'you' : task.decidedBy.name}`;
}
