import { Button, Skeleton } from '@mantine/core';
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react';
import { KeyHint } from '../../actions/key-hint.js';
import { isRecord } from '../../values/shape.js';
import type { Json } from '../../graphql.js';
import type { DeskState, TaskDesk } from './desk/task-desk.js';
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
  readonly desk: TaskDesk;
  readonly state: DeskState;
  readonly onReady: () => void;
  readonly onComplete: (isNextWanted: boolean) => Promise<unknown>;
}

export function AnswerPanel({ schema, desk, state, onReady, onComplete }: AnswerPanelProps) {
  const { task, answer, refusal, busy, draft, isTouched } = state;
  const panel = useRef<HTMLElement>(null);
  const fieldNames = useMemo(() => new Set(fieldsOf(schema)), [schema]);
  const problems = refusal?.fields ?? [];
  const { uploads, isSendingFiles } = useUploads();
  const isHeldByOther = task.claimedBy !== null && !task.isMine;

  useEffect(() => {
    const { current: form } = panel;
    const { activeElement: active } = document;
    // Who has begun to mend it is left where he is.
    if (refusal?.kind === 'fields' && form && (active === form || !form.contains(active))) focusFirstProblem(form);
  }, [refusal]);

  return (
    <section className={`panel ${classes.panel}`} aria-label="Your answer" data-answer ref={panel} tabIndex={-1}>
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
        <UploadsContext value={uploads}>
          <SchemaForm
            schema={schema}
            value={answer}
            problems={problems}
            isDisabled={isHeldByOther && !isTouched}
            onEdit={(next) => desk.edit(next)}
            onFillIn={(next) => desk.fillIn(next)}
          />
        </UploadsContext>
        <Ready onReady={onReady} />
      </Suspense>
      <footer className={classes.actions}>
        <Button loading={busy === 'complete'} disabled={isHeldByOther || isSendingFiles} onClick={() => void onComplete(true)}>
          {isSendingFiles ? 'Files are being sent…' : 'Complete and next'}
          <KeyHint of="task.complete-next" className={classes.key} />
        </Button>
        <Button variant="default" disabled={isHeldByOther || isSendingFiles || busy === 'complete'} onClick={() => void onComplete(false)}>
          Complete
        </Button>
      </footer>
    </section>
  );
}

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
