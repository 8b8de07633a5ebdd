import { Alert, Button, Group } from '@mantine/core';
import { useEffect } from 'react';
import { NextButton } from '../next/next-button.js';
import type { TaskDetails } from './task.query.js';
import classes from './answer-panel.module.css';

interface RefusedPanelProps {
  readonly refusal: NonNullable<TaskDetails['refusal']>;
  /** Of all whom it is for: then somebody else is no answer. */
  readonly isNobodyLeft: boolean;
  readonly onReady: () => void;
  /** Has the server asked again. */
  readonly onAgain: () => void;
}

/** In the place of the form, for somebody who may not decide: why, before anything is typed, and what he can do instead. */
export function RefusedPanel({ refusal: { code, message, reason }, isNobodyLeft, onReady, onAgain }: RefusedPanelProps) {
  useEffect(onReady, [onReady]);
  const isUnknown = code === 'TASK_PERMISSION_UNKNOWN';
  return (
    <section className={`panel ${classes.panel}`} style={{ paddingBottom: 14 }} aria-label="Your answer">
      <header className={classes.header}>
        <h2 className={classes.title}>
          {isUnknown
            ? 'It is not known whether you may decide this'
            : isNobodyLeft
              ? 'You may not decide this'
              : 'Somebody else decides this'}
        </h2>
      </header>
      <Alert color={isUnknown ? 'yellow' : 'gray'} variant="light" p="xs" mb="sm" role="note">
        {isUnknown ? <Unknown reason={reason} /> : (isNobodyLeft && ALONE[code]) || message}
      </Alert>
      <Group gap="xs">
        {isUnknown ? (
          <Button variant="default" onClick={onAgain}>
            Ask again
          </Button>
        ) : null}
        <NextButton />
      </Group>
    </section>
  );
}

/** What the server says of somebody else, without him. */
const ALONE: Readonly<Record<string, string>> = {
  TASK_OWN_WORK: 'You started its run, or what led to it.',
  TASK_REVIEWED: 'You have answered it already.',
};

function Unknown({ reason }: { readonly reason: string | null }) {
  return (
    <>
      The rule by which this screen says who may decide failed when it was asked about you. Meanwhile the task waits, and nothing of it is
      lost. Ask again in a moment; if it stays so, tell whoever wrote the workflow
      {reason === null ? '.' : ', with what the rule said:'}
      {reason === null ? null : (
        <code style={{ display: 'block', marginTop: 6, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{reason}</code>
      )}
    </>
  );
}
