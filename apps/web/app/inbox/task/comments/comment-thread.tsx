// A comment with its answers: the field that it is about leads into the form; who wrote a text may change it; anybody may answer, resolve and
// open it again. Texts are shown as they were written, never as markup.
import { Button } from '@mantine/core';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { focusField } from '../../../form/field-address.js';
import { useSession } from '../../../session/session.js';
import { RelativeTime } from '../../../time/relative-time.js';
import { CommentBox } from './comment-box.js';
import type { CommentThread } from './comment-threads.js';
import type { TaskComment } from './comments.query.js';
import { useKeptWords } from './kept-words.js';
import { type KeepInPlace, useKeptInPlace } from './use-busy-threads.js';
import type { Speaking } from './use-speaking.js';
import classes from './comments.module.css';

interface ThreadProps {
  readonly thread: CommentThread;
  readonly titleOf: (field: string) => string;
  readonly speaking: Speaking;
  /** It is no longer where it was: the focus goes elsewhere. */
  readonly onSettled: () => void;
  readonly keepInPlace: KeepInPlace;
}

export function Thread({ thread: { comment, answers }, titleOf, speaking, onSettled, keepInPlace }: ThreadProps) {
  const { id, field, resolvedBy } = comment;
  const { kept, setText, forget } = useKeptWords(`answer-${id}`);
  const [isAnswering, setAnswering] = useState(kept.text !== '');
  useKeptInPlace(keepInPlace, id, isAnswering);
  const input = useRef<HTMLTextAreaElement>(null);
  const answerButton = useRef<HTMLButtonElement>(null);
  const settle = async () => {
    if (await speaking.settle(comment)) onSettled();
  };
  const stop = () => {
    forget();
    setAnswering(false);
    requestAnimationFrame(() => answerButton.current?.focus());
  };
  return (
    <li
      id={`comment-${id}`}
      className={classes.thread}
      tabIndex={-1}
      aria-label={`Comment of ${comment.author.name}`}
      data-resolved={resolvedBy ? true : undefined}
    >
      {field === null ? null : (
        <button type="button" className={classes.field} onClick={() => focusField(field)}>
          <span className="visually-hidden">Go to the field </span>
          {titleOf(field)}
        </button>
      )}
      <Comment comment={comment} speaking={speaking} keepInPlace={keepInPlace} />
      {answers.length > 0 ? (
        <ol className={classes.answers} aria-label="Answers">
          {answers.map((answer) => (
            <li key={answer.id}>
              <Comment comment={answer} speaking={speaking} keepInPlace={keepInPlace} />
            </li>
          ))}
        </ol>
      ) : null}
      {resolvedBy ? <p className={classes.soft}>Resolved by {resolvedBy.name}</p> : null}
      {isAnswering ? (
        <Focused input={input} isWanted={kept.text === ''}>
          <CommentBox
            label="Answer"
            action="Answer"
            text={kept.text}
            input={input}
            onText={setText}
            onSend={async () => {
              const refused = await speaking.say({ text: kept.text, parentId: id });
              if (refused === undefined) stop();
              return refused;
            }}
            onGiveUp={stop}
          />
        </Focused>
      ) : (
        <div className={classes.tools}>
          <Button ref={answerButton} size="compact-xs" variant="subtle" onClick={() => setAnswering(true)}>
            Answer
          </Button>
          <Button size="compact-xs" variant="subtle" onClick={() => void settle()}>
            {resolvedBy ? 'Open again' : 'Resolve'}
          </Button>
        </div>
      )}
    </li>
  );
}

interface CommentProps {
  readonly comment: TaskComment;
  readonly speaking: Speaking;
  readonly keepInPlace: KeepInPlace;
}

function Comment({ comment, speaking, keepInPlace }: CommentProps) {
  const { viewer } = useSession();
  const { id, text, author, at, editedAt } = comment;
  const { kept, setText, forget } = useKeptWords(`change-${id}`);
  const [isChanging, setChanging] = useState(kept.text !== '');
  useKeptInPlace(keepInPlace, comment.parentId ?? id, isChanging);
  const input = useRef<HTMLTextAreaElement>(null);
  const changeButton = useRef<HTMLButtonElement>(null);
  const stop = () => {
    forget();
    setChanging(false);
    requestAnimationFrame(() => changeButton.current?.focus());
  };
  const begin = () => {
    setText(text);
    setChanging(true);
  };
  return (
    <article className={classes.comment}>
      <header className={classes.byline}>
        <strong>{author.name}</strong>
        <RelativeTime at={at} />
        {editedAt === null ? null : <span>changed</span>}
        {author.id === viewer.id && !isChanging ? (
          <button ref={changeButton} type="button" className={classes.change} onClick={begin}>
            Change
          </button>
        ) : null}
      </header>
      {isChanging ? (
        <Focused input={input} isWanted>
          <CommentBox
            label="Change the comment"
            action="Save"
            text={kept.text}
            input={input}
            onText={setText}
            onSend={async () => {
              const refused = await speaking.change(id, kept.text);
              if (refused === undefined) stop();
              return refused;
            }}
            onGiveUp={stop}
          />
        </Focused>
      ) : (
        <p className={classes.text} dir="auto">
          {text}
        </p>
      )}
    </article>
  );
}

/** Into the field when it opens. */
function Focused({
  input,
  isWanted,
  children,
}: {
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly isWanted: boolean;
  readonly children: React.ReactNode;
}) {
  const wanted = useRef(isWanted);
  useEffect(() => {
    if (wanted.current) input.current?.focus();
  }, [input]);
  return children;
}
