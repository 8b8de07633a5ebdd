import { Button, Textarea } from '@mantine/core';
import { type ReactNode, type RefObject, useState } from 'react';
import { KeyHint } from '../../../actions/key-hint.js';
import classes from './comments.module.css';

/** As the server has it. */
const MAX_TEXT = 4_000;

interface CommentBoxProps {
  readonly label: string;
  readonly action: string;
  readonly text: string;
  readonly input: RefObject<HTMLTextAreaElement | null>;
  /** What stands beside the buttons. */
  readonly children?: ReactNode;
  readonly onText: (text: string) => void;
  /** @returns why not, when it was refused */
  readonly onSend: () => Promise<string | undefined>;
  /** Undefined: it stays open. */
  readonly onGiveUp?: () => void;
}

/** Where a comment is written. What was typed stays when it is refused. */
export function CommentBox({ label, action, text, input, children, onText, onSend, onGiveUp }: CommentBoxProps) {
  const [refused, setRefused] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const send = async () => {
    if (isBusy) return;
    // There is nothing to send: it is to be written.
    if (text.trim() === '') return input.current?.focus();
    setBusy(true);
    setRefused(await onSend());
    setBusy(false);
  };
  return (
    <div className={classes.box} data-comment-box>
      <Textarea
        ref={input}
        aria-label={label}
        placeholder={`${label}…`}
        autosize
        minRows={1}
        maxRows={10}
        maxLength={MAX_TEXT}
        value={text}
        error={refused}
        onChange={({ currentTarget }) => {
          setRefused(undefined);
          onText(currentTarget.value);
        }}
      />
      <div className={classes.tools}>
        {children}
        {onGiveUp ? (
          <Button size="compact-sm" variant="subtle" onClick={onGiveUp}>
            Never mind
          </Button>
        ) : null}
        <Button size="compact-sm" variant="default" data-send loading={isBusy} onClick={() => void send()}>
          {action}
          <KeyHint of="comment.send" />
        </Button>
      </div>
    </div>
  );
}
