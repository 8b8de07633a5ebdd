import { Alert, Anchor, Button, Code, SegmentedControl, Skeleton, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Fragment, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { homeless, inSentences, type FieldProblem } from '../../form/field-errors.js';
import { focusFirstProblem } from '../../form/focus-first-field.js';
import { UploadsContext } from '../../form/documents/uploads-context.js';
import { useUploads } from '../../form/documents/use-uploads.js';
import type { FormValue } from '../../form/form-answer.js';
import type { Json } from '../../graphql.js';
import { isRecord } from '../../values/shape.js';
import { parseInput, printInput } from './json-input.js';
import { hiddenNeeds, shownFields } from './start-fields.js';
import type { Startable } from './start.query.js';
import classes from './start.module.css';

const SchemaForm = lazy(() => import('../../form/schema-form.js'));

interface Refused {
  readonly message: string;
  readonly fields: readonly FieldProblem[];
}

/** The run that began, or why none did. */
export type Sent =
  | { readonly runId: string }
  | { readonly message: string }
  | { readonly errors: readonly { readonly message: string; readonly path: readonly string[] | null }[] };

interface InputFormProps {
  readonly workflow: Startable;
  /** What the form is filled in with. */
  readonly initial?: Json;
  /** What the button says. */
  readonly verb: string;
  /** What is said when the server refused it. */
  readonly refusal: string;
  readonly onSend: (input: Json) => Promise<Sent>;
}

/** The input of a run: a form made from its class, or JSON. Leads to the run that begins. */
export function InputForm({ workflow, initial, verb, refusal, onSend }: InputFormProps) {
  const { inputSchema, isEmitter } = workflow;
  const hasForm = inputSchema !== null;
  const [way, setWay] = useState<'form' | 'json'>(hasForm ? 'form' : 'json');
  const [value, setValue] = useState<Json>(initial ?? (hasForm ? {} : null));
  const [text, setText] = useState(() => printInput(hasForm ? null : (initial ?? null)));
  const [refused, setRefused] = useState<Refused>();
  const { uploads, isSendingFiles } = useUploads();
  const [isSending, setSendingNow] = useState(false);
  const navigate = useNavigate();
  const panel = useRef<HTMLFormElement>(null);
  const isUnderway = useRef(false);
  useEffect(() => {
    if (refused && panel.current) focusFirstProblem(panel.current);
  }, [refused]);

  const change = (to: 'form' | 'json') => {
    if (to === 'json') setText(printInput(value));
    else {
      const parsed = parseInput(text);
      if ('problem' in parsed || !isRecord(parsed.value ?? {})) {
        setRefused({ message: 'problem' in parsed ? parsed.problem : 'The form takes a JSON object.', fields: [] });
        return;
      }
      setValue(parsed.value ?? {});
    }
    setRefused(undefined);
    setWay(to);
  };
  const send = async () => {
    const parsed = way === 'json' ? parseInput(text) : { value };
    if ('problem' in parsed) return setRefused({ message: parsed.problem, fields: [] });
    const sent = await onSend(parsed.value);
    if ('runId' in sent) return navigate({ to: '/runs/$runId', params: { runId: sent.runId } });
    if ('message' in sent) return setRefused({ message: sent.message, fields: [] });
    const { errors } = sent;
    const fields = errors.flatMap(({ path, message }) => (path ? [{ path: path[0] === 'input' ? path.slice(1) : path, message }] : []));
    setRefused({ message: errors[0]?.message ?? 'The server did not say why.', fields });
  };
  // Two clicks in one frame come before the button can be disabled.
  const sendOnce = async () => {
    if (isUnderway.current) return;
    isUnderway.current = true;
    setSendingNow(true);
    await send().finally(() => {
      isUnderway.current = false;
      setSendingNow(false);
    });
  };

  return (
    <form
      ref={panel}
      className={`panel ${classes.panel}`}
      aria-label="Input of the run"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void sendOnce();
      }}
    >
      {hasForm ? (
        <SegmentedControl
          size="xs"
          mb="sm"
          aria-label="How to give the input"
          value={way}
          onChange={(to) => change(to)}
          data={[
            { value: 'form', label: 'Form' },
            { value: 'json', label: 'JSON' },
          ]}
        />
      ) : null}
      {refused ? <RefusedNote title={refusal} refused={refused} schema={inputSchema} isForm={way === 'form'} /> : null}
      {way === 'form' ? (
        <UploadsContext value={uploads}>
          <HiddenNeeds names={hiddenNeeds(inputSchema, value)} onJson={() => change('json')} />
          <Suspense fallback={<Skeleton height={220} radius="md" role="status" aria-label="Loading the form" />}>
            <SchemaForm
              schema={inputSchema}
              value={value as FormValue}
              problems={refused?.fields ?? []}
              isDisabled={isSending}
              onEdit={setValue}
              onFillIn={setValue}
            />
          </Suspense>
        </UploadsContext>
      ) : (
        <Textarea
          label="Input as JSON"
          description={
            hasForm
              ? undefined
              : isEmitter
                ? 'An emitter takes none.'
                : 'The workflow names no class for its input: any JSON will do, or none.'
          }
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={8}
          maxRows={30}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
          mb="md"
        />
      )}
      <footer className={classes.actions}>
        <Button type="submit" loading={isSending} disabled={isSendingFiles}>
          {isSendingFiles ? 'Files are being sent…' : verb}
        </Button>
      </footer>
    </form>
  );
}

interface RefusedNoteProps {
  readonly title: string;
  readonly refused: Refused;
  readonly schema: Json;
  readonly isForm: boolean;
}

function RefusedNote({ title, refused: { message, fields }, schema, isForm }: RefusedNoteProps) {
  const elsewhere = isForm ? homeless(fields, shownFields(schema)) : fields;
  const sentence =
    fields.length === 0 ? message : elsewhere.length === 0 ? 'What to change stands beside each field.' : inSentences(elsewhere);
  return (
    <Alert color="red" variant="light" p="xs" mb="sm" title={title} role="alert" tabIndex={-1}>
      {sentence}
    </Alert>
  );
}

/** The form cannot fill them in, and without them every start is refused. */
function HiddenNeeds({ names, onJson }: { readonly names: readonly string[]; readonly onJson: () => void }) {
  if (names.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" p="xs" mb="sm" role="note">
      Also needed, and not on this form:{' '}
      {names.map((name, index) => (
        <Fragment key={name}>
          {index > 0 ? ', ' : ''}
          <Code fz="xs">{name}</Code>
        </Fragment>
      ))}
      .{' '}
      <Anchor component="button" type="button" size="sm" onClick={onJson}>
        Give it as JSON
      </Anchor>
      ; what stands in the form goes along.
    </Alert>
  );
}
