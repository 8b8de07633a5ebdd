// What people say about a task, beside its form: open comments first, resolved ones folded below them.
import { NativeSelect } from '@mantine/core';
import { useMemo, useRef } from 'react';
import { fieldTitle } from '../../../form/field-address.js';
import { CommentBox } from './comment-box.js';
import { Thread } from './comment-thread.js';
import { threadsOf } from './comment-threads.js';
import type { TaskDetails } from '../task.query.js';
import { useBusyThreads } from './use-busy-threads.js';
import type { CommentDesk } from './use-comment-desk.js';
import classes from './comments.module.css';

export function TaskComments({ task, desk }: { readonly task: TaskDetails; readonly desk: CommentDesk }) {
  const { names, words, speaking, input } = desk;
  const heading = useRef<HTMLHeadingElement>(null);
  const threads = useMemo(() => threadsOf(task.comments), [task.comments]);
  const { busy, keepInPlace } = useBusyThreads();
  // Where somebody writes stays where it is, also when it is resolved meanwhile: his next key is a letter, and not an action of the page.
  const isOpen = ({ comment }: (typeof threads)[number]) => comment.resolvedAt === null || busy.has(comment.id);
  const open = threads.filter(isOpen);
  const resolved = threads.filter((thread) => !isOpen(thread));
  const titleOf = (field: string) => names.get(field) ?? fieldTitle(task.form, field);
  const onSettled = () => heading.current?.focus();
  const { kept, setText, setField, forget } = words;
  const fields = kept.field !== null && !names.has(kept.field) ? [...names, [kept.field, titleOf(kept.field)] as const] : [...names];
  const list = (shown: typeof threads) => (
    <ol className={classes.threads}>
      {shown.map((thread) => (
        <Thread
          key={thread.comment.id}
          thread={thread}
          titleOf={titleOf}
          speaking={speaking}
          onSettled={onSettled}
          keepInPlace={keepInPlace}
        />
      ))}
    </ol>
  );
  return (
    <section className={`panel ${classes.panel}`} aria-label="Comments" data-comments>
      <h2 className={classes.title} ref={heading} tabIndex={-1}>
        Comments{threads.length > 0 ? ` (${threads.filter(({ comment }) => comment.resolvedAt === null).length} open)` : ''}
      </h2>
      {open.length > 0 ? list(open) : null}
      {resolved.length > 0 ? (
        <details className={classes.resolved}>
          <summary>{resolved.length === 1 ? '1 resolved' : `${resolved.length} resolved`}</summary>
          {list(resolved)}
        </details>
      ) : null}
      <CommentBox
        label="Comment"
        action="Comment"
        text={kept.text}
        input={input}
        onText={setText}
        onSend={async () => {
          const refused = await speaking.say(kept);
          if (refused === undefined) forget();
          return refused;
        }}
      >
        {fields.length > 0 ? (
          <NativeSelect
            size="xs"
            aria-label="What the comment is about"
            className={classes.about}
            value={kept.field ?? ''}
            onChange={({ currentTarget }) => setField(currentTarget.value === '' ? null : currentTarget.value)}
            data={[{ value: '', label: 'The task as a whole' }, ...fields.map(([value, label]) => ({ value, label }))]}
          />
        ) : null}
      </CommentBox>
    </section>
  );
}
