import { Button, Skeleton } from '@mantine/core';
import type { RJSFSchema } from '@rjsf/utils';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef } from 'react';
import { KeyHint } from '../../actions/key-hint.js';
import { isRecord } from '../../values/shape.js';
import type { Json } from '../../graphql.js';
import type { Answer, DeskState, TaskDesk } from './desk/task-desk.js';
import type { FieldProblem } from '../../form/field-errors.js';
import { changedFields, fieldStates } from '../../form/states/field-states.js';
import { FieldStatesContext } from '../../form/states/field-states-context.js';
import { StateSummary } from '../../form/states/state-summary.js';
import { useFieldKeys } from '../../form/states/use-field-keys.js';
import type { TaskSuggestion } from './task.query.js';
import { DraftNote } from './draft-note.js';
import { DraftAuthor } from './hold/draft-author.js';
import { UploadsContext } from '../../form/documents/uploads-context.js';
import { useUploads } from '../../form/documents/use-uploads.js';
import { focusFirstProblem } from '../../form/focus-first-field.js';
import { RefusalNote } from './refusal-note.js';
import classes from './answer-panel.module.css';

const SchemaForm = lazy(() => import('../../form/schema-form.js'));

interface AnswerPanelProps {
  readonly schema: Json;
  readonly suggestion: TaskSuggestion | null;
  readonly desk: TaskDesk;
  readonly state: DeskState;
  readonly onReady: () => void;
  readonly onComplete: (isNextWanted: boolean) => Promise<unknown>;
}

export function AnswerPanel({ schema, suggestion, desk, state, onReady, onComplete }: AnswerPanelProps) {
  const { task, answer, refusal, busy, draft, isTouched, confirmed } = state;
  const panel = useRef<HTMLElement>(null);
  const fieldNames = useMemo(() => new Set(fieldsOf(schema)), [schema]);
  const problems = refusal?.fields ?? NO_PROBLEMS;
  const { uploads, isSendingFiles } = useUploads();
  const isHeldByOther = task.claimedBy !== null && !task.isMine;
  const isDisabled = isHeldByOther && !isTouched;
  const states = useMemo(
    () =>
      suggestion ? fieldStates({ schema: schema as RJSFSchema, value: answer, suggested: suggestion, confirmed, problems }) : undefined,
    [suggestion, schema, answer, confirmed, problems],
  );
  const confirm = useCallback((keys: readonly string[]) => desk.confirm(keys), [desk]);
  const fields = useMemo(
    () => (states ? { byKey: new Map(states.map((state) => [state.key, state])), confirm, isDisabled } : undefined),
    [states, confirm, isDisabled],
  );
  const { tabsToOpen, setTabsToOpen, onKeyDown } = useFieldKeys({ states, confirm });
  const edit = (next: Answer) => {
    if (states) desk.confirm(changedFields(schema as RJSFSchema, answer, next));
    desk.edit(next);
  };

  useEffect(() => {
    const { current: form } = panel;
    const { activeElement: active } = document;
    // Who has begun to mend it is left where he is.
    if (refusal?.kind === 'fields' && form && (active === form || !form.contains(active))) focusFirstProblem(form);
  }, [refusal]);

  return (
    <section className={`panel ${classes.panel}`} aria-label="Your answer" data-answer ref={panel} tabIndex={-1} onKeyDown={onKeyDown}>
      <header className={classes.header}>
        <h2 className={classes.title}>{titleOf(schema)}</h2>
        {isHeldByOther && draft === 'clean' ? (
          <span className={classes.held}>{task.claimedBy?.name} works on it</span>
        ) : (
          <DraftNote status={draft} />
        )}
      </header>
      <DraftAuthor task={task} />
      <RefusalNote desk={desk} refusal={refusal} fieldNames={fieldNames} />
      <Suspense fallback={<LoadingForm />}>
        {states && suggestion ? (
          <StateSummary
            form={schema}
            {...suggestion}
            {...{ states, isDisabled, tabsToOpen }}
            onTabsToOpen={setTabsToOpen}
            onConfirm={confirm}
          />
        ) : null}
        <UploadsContext value={uploads}>
          <FieldStatesContext value={fields}>
            <SchemaForm
              schema={schema}
              value={answer}
              problems={problems}
              isDisabled={isDisabled}
              onEdit={edit}
              onFillIn={(next) => desk.fillIn(next)}
            />
          </FieldStatesContext>
        </UploadsContext>
        <Ready onReady={onReady} />
      </Suspense>
      <footer className={classes.actions}>
        <Button
          data-action="task.complete-next"
          loading={busy === 'complete'}
          disabled={isHeldByOther || isSendingFiles}
          onClick={() => void onComplete(true)}
        >
          {isSendingFiles ? 'Files are being sent…' : 'Complete and next'}
          <KeyHint of="task.complete-next" className={classes.key} />
        </Button>
        <Button
          data-action="task.complete"
          variant="default"
          disabled={isHeldByOther || isSendingFiles || busy === 'complete'}
          onClick={() => void onComplete(false)}
        >
          Complete
        </Button>
      </footer>
    </section>
  );
}

const NO_PROBLEMS: readonly FieldProblem[] = [];

/** Tells that the form has arrived: only then a field can take the focus. */
function Ready({ onReady }: { readonly onReady: () => void }) {
  useEffect(onReady, [onReady]);
  return null;
}

function LoadingForm() {
  return (
    <div role="status" aria-label="Loading the form">
      {Array.from({ length: 3 }, (_, index) => (
        <div key={index} style={{ marginBottom: 18 }}>
          <Skeleton height={10} width={90} mb={8} />
          <Skeleton height={34} />
        </div>
      ))}
    </div>
  );
}

function titleOf(schema: Json): string {
  const title = isRecord(schema) ? schema.title : undefined;
  return typeof title === 'string' && title !== '' ? title : 'Your answer';
}

function fieldsOf(schema: Json): readonly string[] {
  const properties = isRecord(schema) ? schema.properties : undefined;
  return properties !== undefined && isRecord(properties) ? Object.keys(properties) : [];
}
