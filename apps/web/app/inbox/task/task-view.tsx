// One task: what is to be judged on the left, the answer on the right, below each other where there is no room.
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { announce } from '../../focus/announce.js';
import { useSession } from '../../session/session.js';
import { isDecidable } from '../../status/status-tone.js';
import { useInbox } from '../inbox-context.js';
import { showsWhereNextIs, toNextListing } from '../inbox-filter.js';
import type { TaskRow } from '../inbox.query.js';
import { FieldCommentsContext } from '../../form/comments/field-comments-context.js';
import { TaskComments } from './comments/task-comments.js';
import { useCommentDesk } from './comments/use-comment-desk.js';
import { AnswerPanel } from './answer-panel.js';
import { DecisionPanel } from './decision-panel.js';
import { DocumentPane } from '../../documents/document-pane.js';
import { shownProps } from '../../documents/evidence.js';
import { SideBySide } from './side-by-side.js';
import { focusFirstField } from '../../form/focus-first-field.js';
import type { Completed } from './desk/task-desk.js';
import { RefusedPanel } from './refused-panel.js';
import { AnsweredPanel } from './reviews/answered-panel.js';
import { ReviewsNote } from './reviews/reviews-note.js';
import { SkipDialog } from './hold/skip-dialog.js';
import { nothingFree } from '../next/nothing-free.js';
import { nextRow } from './next-row.js';
import { NobodyLeftNote } from './nobody-left-note.js';
import { TaskFacts } from './task-facts.js';
import { TaskHeader } from './task-header.js';
import { TaskHistory } from './history/task-history.js';
import { TaskScreen } from './screen/task-screen.js';
import type { TaskDetails } from './task.query.js';
import { useSafeLeave } from './use-safe-leave.js';
import { useTaskActions } from './use-task-actions.js';
import classes from './task.module.css';

/** @param onSaid the task has to be read anew */
export function TaskView({ task, onSaid }: { readonly task: TaskDetails; readonly onSaid: () => void }) {
  const inbox = useInbox();
  const { viewer } = useSession();
  const navigate = useNavigate();
  const { deskFor } = inbox;
  const desk = useMemo(() => deskFor(task), [deskFor, task]);
  const state = useSyncExternalStore(desk.subscribe, desk.getState);
  const view = useRef<HTMLDivElement>(null);
  useEffect(() => desk.see(task), [desk, task]);
  useEffect(() => desk.open(), [desk]);
  useSafeLeave(desk);
  const comments = useCommentDesk(task, state.answer, onSaid);
  const { facts, documents, spots } = useMemo(() => shownProps(task.props), [task.props]);
  const pane = documents.length > 0 ? <DocumentPane documents={documents} spots={spots} form={task.form} /> : undefined;

  // Among one's own tasks the next one is that of the list as it is shown; otherwise the server picks and claims it.
  const isOwnPick = inbox.filter.show === 'mine';
  const wantedNext = isOwnPick ? undefined : toNextListing(inbox.filter);
  const isAllKnown = inbox.isWhole && (isOwnPick || showsWhereNextIs(inbox.filter));
  const goOn = (done: Completed, ownPick: TaskRow | undefined, said = '') => {
    const next = isOwnPick ? ownPick : done.next;
    if (next || said !== '') announce(said + (next ? `Next task: ${next.subject}` : ''));
    // For everybody to see, and a screen reader reads it too.
    if (!next) notifications.show({ message: nothingFree(inbox.rows, task.id, isAllKnown) });
    if (next && isOwnPick) inbox.open(next.id, { isToAnswer: true });
    else if (next) inbox.openClaimed(next);
    else void navigate({ to: '/inbox', search: true });
  };

  const [isSkipping, setSkipping] = useState(false);
  // Who has begun before he was refused keeps what he typed, and is told when he completes it.
  const refusal = isDecidable(state.task.status) && !state.task.isMine ? task.refusal : null;
  const { reviews } = state.task;
  const hasAnswered = reviews !== null && reviews.shown.some(({ by }) => by.id === viewer.id);
  const mayDecide = !refusal && !hasAnswered;

  const complete = async (isNextWanted: boolean) => {
    const typing = settleInput();
    const ownPick = nextRow(inbox.rows, task.id);
    const completed = await desk.complete(isNextWanted ? wantedNext : undefined);
    inbox.refresh();
    if (!completed) {
      resume(typing);
      return false;
    }
    inbox.tellDecided({ desk, subject: task.subject, runId: task.runId });
    // The form is gone, and the focus with it.
    if (isNextWanted) goOn(completed, ownPick, isDecidable(desk.getState().task.status) ? 'Your answer is kept. ' : 'Completed. ');
    else {
      announce(isDecidable(desk.getState().task.status) ? 'Your answer is kept' : 'Completed');
      view.current?.querySelector('h1')?.focus();
    }
    return true;
  };

  const claim = async () => {
    await desk.claim();
    if (desk.getState().task.isMine) announce('Claimed');
    inbox.refresh();
  };
  const release = async () => {
    await desk.release();
    if (!desk.getState().task.isMine) announce('Released');
    inbox.refresh();
  };
  useTaskActions({
    runId: task.runId,
    state,
    mayDecide,
    onClaim: () => void claim(),
    onRelease: () => void release(),
    onSkip: () => setSkipping(true),
    onComplete: (isNextWanted) => void complete(isNextWanted),
    onBack: () => inbox.backToList(task.id),
  });

  // The form comes a moment after the task, and Enter may be pressed on a task that is shown already.
  const [isReady, setReady] = useState(false);
  const { takeFocus, answerRequests } = inbox;
  useEffect(() => {
    if (isReady && view.current && takeFocus(task.id)) focusFirstField(view.current);
  }, [isReady, takeFocus, answerRequests, task.id]);
  const onReady = useCallback(() => setReady(true), []);
  const onReassigned = () => {
    inbox.refresh();
    onSaid();
  };
  const { seeDecided } = inbox;
  const onUndoable = useCallback(() => seeDecided(desk), [seeDecided, desk]);
  const below = (
    <>
      <TaskComments task={task} desk={comments} />
      <TaskHistory entries={task.history} form={task.form} />
    </>
  );

  return (
    <FieldCommentsContext value={comments.marks}>
      <div className={classes.view} ref={view}>
        <TaskHeader
          task={task}
          desk={desk}
          state={state}
          mayDecide={mayDecide}
          onBack={() => inbox.backToList(task.id)}
          onClaim={() => void claim()}
          onRelease={() => void release()}
          onSkip={() => setSkipping(true)}
          onChanged={inbox.refresh}
        />
        <SkipDialog
          desk={desk}
          isOpen={isSkipping}
          next={wantedNext}
          onClose={() => setSkipping(false)}
          onSkipped={(skipped) => {
            inbox.refresh();
            goOn(skipped, nextRow(inbox.rows, task.id));
          }}
        />
        {task.instructions ? <p className={classes.instructions}>{task.instructions}</p> : null}
        {task.isNobodyLeft && isDecidable(state.task.status) ? <NobodyLeftNote desk={desk} onChanged={onReassigned} /> : null}
        {reviews && isDecidable(state.task.status) && !hasAnswered ? (
          <ReviewsNote reviews={reviews} form={task.form} mayDecide={mayDecide} />
        ) : null}
        {isDecidable(state.task.status) && mayDecide ? (
          <TaskScreen
            task={task}
            desk={desk}
            state={state}
            form={
              <AnswerPanel
                schema={task.form}
                suggestion={task.suggestion}
                desk={desk}
                state={state}
                onReady={onReady}
                onComplete={complete}
              />
            }
            documents={pane}
            facts={<TaskFacts props={facts} />}
            below={below}
            onComplete={complete}
            onReady={onReady}
          />
        ) : (
          <SideBySide
            isSplit={pane !== undefined}
            facts={
              <>
                {pane}
                <TaskFacts props={facts} />
              </>
            }
            answer={
              isDecidable(state.task.status) && reviews && hasAnswered ? (
                <AnsweredPanel reviews={reviews} form={task.form} isNobodyLeft={task.isNobodyLeft} onReady={onReady} />
              ) : refusal ? (
                <RefusedPanel refusal={refusal} isNobodyLeft={task.isNobodyLeft} onReady={onReady} onAgain={onSaid} />
              ) : (
                <DecisionPanel
                  form={task.form}
                  state={state}
                  onReady={onReady}
                  onUndo={() => void inbox.takeBack(desk)}
                  onUndoable={onUndoable}
                />
              )
            }
            below={below}
          />
        )}
      </div>
    </FieldCommentsContext>
  );
}

/** Brings what is still inside an input (a number half typed, a date) into the answer, before the answer is read. @returns the input */
function settleInput(): HTMLElement | undefined {
  const typing = document.activeElement;
  if (!(typing instanceof HTMLElement) || typing === document.body) return undefined;
  // It is settled when it loses the focus, which waits meanwhile where the answer is.
  typing.closest<HTMLElement>('[data-answer]')?.focus({ preventScroll: true });
  flushSync(() => undefined);
  return typing;
}

/** Back to where one was typing, unless the focus has gone elsewhere: to a field that was refused, perhaps. */
function resume(typing: HTMLElement | undefined): void {
  requestAnimationFrame(() => {
    if (document.activeElement?.matches('[data-answer]')) typing?.focus({ preventScroll: true });
  });
}
