// The middle of a task's page: the workflow's own component where it brings one, otherwise its props beside the generated form.
import { Skeleton } from '@mantine/core';
import { ScreenContext, type ScreenSuggestion } from '@stepwell/screens';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { SideBySide } from '../side-by-side.js';
import type { Json } from '../../../graphql.js';
import { isRecord } from '../../../values/shape.js';
import type { Answer, DeskState, TaskDesk } from '../desk/task-desk.js';
import { DraftNote } from '../draft-note.js';
import { RefusalNote } from '../refusal-note.js';
import type { TaskDetails } from '../task.query.js';
import { moduleScreen } from './module-screens.js';
import { ScreenBoundary } from './screen-boundary.js';
import classes from './task-screen.module.css';

interface TaskScreenProps {
  readonly task: TaskDetails;
  readonly desk: TaskDesk;
  readonly state: DeskState;
  /** What the page shows by itself. */
  /** Undefined when there are none. */
  readonly documents: ReactNode | undefined;
  readonly facts: ReactNode;
  readonly form: ReactNode;
  /** Comments and history. */
  readonly below: ReactNode;
  readonly onComplete: (isNextWanted: boolean) => Promise<boolean>;
  readonly onReady: () => void;
}

export function TaskScreen({ task, desk, state, documents, facts, form, below, onComplete, onReady }: TaskScreenProps) {
  const screen = screenOf(task.form);
  const Own = screen === undefined ? undefined : moduleScreen(screen);
  const [hasForm, setHasForm] = useState(false);
  const isFormShown = useRef(false);
  const onShown = useCallback((isShown: boolean) => {
    isFormShown.current = isShown;
    setHasForm(isShown);
  }, []);
  // The generated form says by itself when its fields are there.
  const onOwnReady = useCallback(() => {
    if (!isFormShown.current) onReady();
  }, [onReady]);
  const isReadOnly = state.task.claimedBy !== null && !state.task.isMine;
  const host = useMemo(
    () => ({
      task: { id: task.id, title: task.title, subject: task.subject, instructions: task.instructions },
      props: task.props,
      draft: state.answer,
      suggest: task.suggestion as ScreenSuggestion<object> | null,
      setDraft: (change: object) => desk.edit(cleaned({ ...desk.getState().answer, ...change })),
      complete: async ({ result, next = false }: { result?: object; next?: boolean } = {}) => {
        if (result) desk.edit(cleaned(result));
        return onComplete(next);
      },
      cancel: (reason?: string) => desk.cancel(reason ?? null),
      problems: state.refusal?.fields ?? [],
      isReadOnly,
      isBusy: state.busy !== undefined,
      generatedForm: <Shown onChange={onShown}>{form}</Shown>,
      documents,
    }),
    [task, desk, state, isReadOnly, documents, form, onShown, onComplete],
  );
  const generated = (
    <SideBySide
      isSplit={documents !== undefined}
      facts={
        <>
          {documents}
          {facts}
        </>
      }
      answer={form}
      below={below}
    />
  );
  if (!Own) return generated;
  return (
    <ScreenBoundary key={task.id} fallback={generated}>
      <Suspense fallback={<Skeleton height={300} radius="md" role="status" aria-label="Loading the screen" />}>
        <ScreenContext value={host}>
          <div className={classes.own} data-answer tabIndex={-1}>
            {hasForm ? null : (
              <>
                <DraftNote status={state.draft} />
                <RefusalNote desk={desk} refusal={state.refusal} fieldNames={NO_FIELDS} />
              </>
            )}
            <Own />
          </div>
          {/* No part of the answer: what is typed there is no field. */}
          <div className={classes.below}>{below}</div>
        </ScreenContext>
        <Ready onReady={onOwnReady} />
      </Suspense>
    </ScreenBoundary>
  );
}

/** The page knows none of its fields, so what is wrong is said above it. */
const NO_FIELDS: ReadonlySet<string> = new Set();

/** Tells whether the generated form stands in the component: then that says what is wrong. */
function Shown({ children, onChange }: { readonly children: ReactNode; readonly onChange: (isShown: boolean) => void }) {
  useEffect(() => {
    onChange(true);
    return () => onChange(false);
  }, [onChange]);
  return children;
}

function Ready({ onReady }: { readonly onReady: () => void }) {
  useEffect(onReady, [onReady]);
  return null;
}

/** `x-screen` says which screen a form is of: a node may have another id. */
function screenOf(form: Json): string | undefined {
  const screen = isRecord(form) ? form['x-screen'] : undefined;
  return typeof screen === 'string' ? screen : undefined;
}

/** As it goes over the wire: what is undefined is missing. */
function cleaned(answer: object): Answer {
  return JSON.parse(JSON.stringify(answer)) as Answer;
}
