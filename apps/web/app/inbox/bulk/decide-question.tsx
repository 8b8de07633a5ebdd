// One answer for the tasks of one screen: one of those that it offers for many, or, where it takes any, the form itself.
import { Alert, Radio, Select, Skeleton, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useRef, useState, type FormEvent } from 'react';
import { useQuery } from 'urql';
import { newKey } from '../../connection/new-key.js';
import type { FormValue } from '../../form/form-answer.js';
import type { Json } from '../../graphql.js';
import { sameJson } from '../../values/same-json.js';
import { inWords } from './bulk-actions.js';
import type { Bulk } from './bulk.query.js';
import { BulkFormQuery } from './bulk.query.js';
import { type BulkQuestionProps, Confirm, Which } from './question-parts.js';
import { byScreen, counted } from './selection.js';

const SchemaForm = lazy(() => import('../../form/schema-form.js'));

export function DecideQuestion({ tasks, onConfirm, onClose }: BulkQuestionProps) {
  const screens = byScreen(tasks.filter(({ bulk }) => bulk !== null));
  const [wanted, setWanted] = useState<string>();
  const screen = screens.find(({ key }) => key === wanted) ?? screens[0];
  const [answer, setAnswer] = useState<Json>();
  const [isMissing, setMissing] = useState(false);
  const latest = useRef({ text: '', key: '' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(answer === undefined);
    if (answer === undefined || !screen) return;
    // The same answer again is the same call: what an answer that was lost had decided is told as done.
    const text = JSON.stringify(answer);
    if (latest.current.text !== text) latest.current = { text, key: newKey() };
    onConfirm({ what: 'decide', answer, key: latest.current.key }, screen.tasks);
  };
  if (!screen) return <Text size="sm">Their screens take no answer for many at once. Decide them one by one.</Text>;
  const others = tasks.length - screen.tasks.length;
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {screens.length > 1 ? (
          <Select
            label="Those of"
            data={screens.map(({ key, title, workflow, tasks: some }) => ({
              value: key,
              label: `${title} (${workflow}): ${counted(some.length)}`,
            }))}
            value={screen.key}
            onChange={(key) => {
              setWanted(key ?? undefined);
              setAnswer(undefined);
            }}
            allowDeselect={false}
          />
        ) : null}
        <Which tasks={screen.tasks} />
        {others > 0 ? (
          <Text size="sm" c="dimmed">
            {counted(others)} of other screens, or of such as take no answer for many, {others === 1 ? 'stays' : 'stay'} as{' '}
            {others === 1 ? 'it is' : 'they are'}.
          </Text>
        ) : null}
        <Answer
          key={screen.key}
          taskId={screen.tasks[0]?.id ?? ''}
          bulk={screen.tasks[0]?.bulk ?? null}
          value={answer}
          onChange={setAnswer}
        />
        {isMissing && answer === undefined ? (
          <Alert color="red" variant="light" p="xs" role="alert">
            Choose an answer.
          </Alert>
        ) : null}
        <Confirm words={inWords('decide', screen.tasks.length)} onClose={onClose} />
      </Stack>
    </form>
  );
}

interface AnswerProps {
  readonly taskId: string;
  readonly bulk: Bulk | null;
  readonly value: Json | undefined;
  readonly onChange: (answer: Json) => void;
}

function Answer({ taskId, bulk, value, onChange }: AnswerProps) {
  if (bulk?.any) return <AnyAnswer taskId={taskId} value={value} onChange={onChange} />;
  const offered = bulk?.answers ?? [];
  const chosen = offered.findIndex((one) => sameJson(one.answer, value));
  return (
    <Radio.Group label="Answer" value={String(chosen)} onChange={(index) => onChange(offered[Number(index)]?.answer ?? null)}>
      <Stack gap={6} mt={4}>
        {offered.map(({ label }, index) => (
          <Radio key={label} value={String(index)} label={label} data-autofocus={index === 0 || undefined} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function AnyAnswer({ taskId, value = {}, onChange }: Omit<AnswerProps, 'bulk'>) {
  const [{ data }] = useQuery({ query: BulkFormQuery, variables: { id: taskId } });
  const form = data?.task?.form;
  const loading = <Skeleton height={120} role="status" aria-label="Loading the form" />;
  if (form === undefined) return loading;
  return (
    <Suspense fallback={loading}>
      <SchemaForm
        {...{ schema: form, value: value as FormValue, problems: [], isDisabled: false, idPrefix: 'answer-for-many' }}
        onEdit={onChange}
        onFillIn={onChange}
      />
    </Suspense>
  );
}
