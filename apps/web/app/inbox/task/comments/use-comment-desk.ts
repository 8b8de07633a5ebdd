// One person at the comments of one task: what he has begun to say, where he says it, and the keys that lead there.
import type { RJSFSchema } from '@rjsf/utils';
import { useCallback, useMemo, useRef } from 'react';
import { useActions } from '../../../actions/use-actions.js';
import { fieldAround, focusField } from '../../../form/field-address.js';
import { formFields } from '../../../form/form-fields.js';
import type { Json } from '../../../graphql.js';
import { isRecord } from '../../../values/shape.js';
import type { TaskDetails } from '../task.query.js';
import { openByField } from './comment-threads.js';
import { useKeptWords } from './kept-words.js';
import { useSpeaking } from './use-speaking.js';

export type CommentDesk = ReturnType<typeof useCommentDesk>;

/** @param answer as it stands in the form: it says which items of lists there are */
export function useCommentDesk(task: TaskDetails, answer: Json, onSaid: () => void) {
  const input = useRef<HTMLTextAreaElement>(null);
  /** From where a field's comment was begun: who leaves it goes on there. */
  const origin = useRef<{ readonly field: string | null; readonly element: HTMLElement | null }>(undefined);
  const words = useKeptWords(task.id);
  const speaking = useSpeaking(task.id, onSaid);
  const names = useMemo(() => namesOf(task.form, answer), [task.form, answer]);
  const open = useMemo(() => openByField(task.comments), [task.comments]);
  const { setField } = words;
  const write = useCallback(
    (field: string | null, from?: Element | null) => {
      setField(field);
      origin.current = { field, element: from instanceof HTMLElement ? from : null };
      input.current?.focus();
    },
    [setField],
  );
  const leave = (from: Element | null) => {
    const isInBox = from !== null && from.closest('[data-comment-box]') === input.current?.closest('[data-comment-box]');
    const { field = null, element = null } = isInBox ? (origin.current ?? {}) : {};
    origin.current = undefined;
    if (element?.isConnected) element.focus();
    else if (field === null || !focusField(field)) from?.closest('[data-comments]')?.querySelector<HTMLElement>('h2')?.focus();
  };
  const marks = useMemo(
    () => ({
      ...{ open, names, onWrite: (field: string) => write(field) },
      onShow: (field: string) => {
        const first = task.comments.find((one) => one.field === field && one.parentId === null && one.resolvedAt === null);
        document.getElementById(`comment-${first?.id}`)?.focus();
      },
    }),
    [open, names, write, task.comments],
  );
  useActions('form', 'Comments', [
    { id: 'comment.write', name: 'Comment on the task', keys: ['m'], run: () => input.current?.focus() },
    {
      id: 'comment.field',
      name: 'Comment on the field',
      // As spreadsheets have it.
      keys: [{ key: 'shift+F2', within: '[data-answer]' }],
      isMove: true,
      run: (from) => write((from && fieldAround(from, [...names.keys()])) ?? null, from),
    },
    {
      id: 'comment.leave',
      name: 'Leave the comment, and keep what is typed',
      keys: [{ key: 'Escape', within: '[data-comment-box]' }],
      isMove: true,
      run: leave,
    },
    {
      id: 'comment.send',
      name: 'Send the comment',
      keys: [{ key: 'mod+Enter', within: '[data-comment-box]' }],
      isMove: true,
      run: (from) => from?.closest('[data-comment-box]')?.querySelector<HTMLElement>('[data-send]')?.click(),
    },
  ]);
  return { input, words, speaking, names, marks };
}

function namesOf(form: Json, answer: Json): ReadonlyMap<string, string> {
  if (!isRecord(form)) return new Map();
  return new Map(formFields(form as RJSFSchema, answer).flatMap(({ key, name }) => (key === '' ? [] : [[key, name] as const])));
}
