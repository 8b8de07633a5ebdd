// One thing to many tasks: what and how many is asked first; then it is done, which can be stopped; then what became of each is told.
import { Alert, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { announce } from '../../focus/announce.js';
import { type BulkAction, type BulkOrder, inWords, sendOrder } from './bulk-actions.js';
import { BulkOutcome } from './bulk-outcome.js';
import { BulkQuestion } from './bulk-question.js';
import { type Progress as Outcome, runBulk } from './bulk-run.js';
import { type ChosenTask, counted } from './selection.js';

interface BulkDialogProps {
  readonly what: BulkAction;
  readonly tasks: readonly ChosenTask[];
  /** Tells which were done. */
  readonly onEnded: (done: readonly string[]) => void;
  readonly onClose: () => void;
}

type Phase =
  | { readonly at: 'asking'; readonly tasks: readonly ChosenTask[] }
  | { readonly at: 'running'; readonly tasks: readonly ChosenTask[]; readonly outcome: Outcome }
  | { readonly at: 'ended'; readonly outcome: Outcome };

const NONE: Outcome = { done: [], left: [] };

export function BulkDialog({ what, tasks, onEnded, onClose }: BulkDialogProps) {
  const client = useClient();
  const [phase, setPhase] = useState<Phase>({ at: 'asking', tasks });
  const isStopped = useRef(false);
  const hasTyped = useRef(false);
  const typing = useRef<HTMLElement>(null);
  const [isLeaving, setLeaving] = useState(false);
  /** By Escape, beside it or by its cross, which a hand does by itself: what was typed is not lost by that. */
  const leave = () => {
    if (phase.at !== 'asking' || !hasTyped.current) return onClose();
    if (!isLeaving) typing.current = document.activeElement as HTMLElement | null;
    setLeaving(true);
  };
  // Who leaves the page stops it, too.
  useEffect(
    () => () => {
      isStopped.current = true;
    },
    [],
  );

  const stay = () => {
    setLeaving(false);
    typing.current?.focus();
  };

  const run = async (order: BulkOrder, confirmed: readonly ChosenTask[]) => {
    isStopped.current = false;
    setLeaving(false);
    setPhase({ at: 'running', tasks: confirmed, outcome: NONE });
    const outcome = await runBulk({
      tasks: confirmed,
      send: (some) => sendOrder(client, order, some),
      isStopped: () => isStopped.current,
      onProgress: (news) => setPhase({ at: 'running', tasks: confirmed, outcome: news }),
    });
    setPhase({ at: 'ended', outcome });
    announce(`${counted(outcome.done.length)} done${outcome.left.length > 0 ? `, ${outcome.left.length} not` : ''}`);
    onEnded(outcome.done.map(({ id }) => id));
  };

  const isRunning = phase.at === 'running';
  return (
    <Modal
      opened
      onClose={leave}
      title={phase.at === 'asking' ? inWords(what, phase.tasks.length) : phase.at === 'running' ? 'At work' : 'What became of them'}
      withCloseButton={!isRunning}
      closeOnEscape={!isRunning}
      closeOnClickOutside={phase.at === 'asking'}
    >
      {/* The question stays below, so that what was said is there when it is asked again. */}
      <div hidden={phase.at !== 'asking'} onInput={() => (hasTyped.current = true)}>
        {isLeaving ? <Leaving onStay={stay} onLeave={onClose} /> : null}
        <BulkQuestion
          what={what}
          tasks={phase.at === 'asking' ? phase.tasks : NO_TASKS}
          onConfirm={(order, confirmed) => void run(order, confirmed)}
          onClose={onClose}
        />
      </div>
      {phase.at === 'running' ? (
        <Running total={phase.tasks.length} outcome={phase.outcome} onStop={() => (isStopped.current = true)} />
      ) : null}
      {phase.at === 'ended' ? (
        <BulkOutcome
          outcome={phase.outcome}
          onAgain={() => setPhase({ at: 'asking', tasks: phase.outcome.left.map(({ task }) => task) })}
          onClose={onClose}
        />
      ) : null}
    </Modal>
  );
}

function Leaving({ onStay, onLeave }: { readonly onStay: () => void; readonly onLeave: () => void }) {
  return (
    <Alert color="yellow" variant="light" p="xs" mb="sm" role="alert">
      <Group justify="space-between" gap="xs">
        What you have filled in would be lost.
        {/* Room for the ring of the focus. */}
        <Group gap="xs" p={3}>
          <Button size="compact-xs" variant="default" autoFocus onClick={onStay}>
            Go on with it
          </Button>
          <Button size="compact-xs" variant="default" onClick={onLeave}>
            Close
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}

const NO_TASKS: readonly ChosenTask[] = [];

function Running({ total, outcome, onStop }: { readonly total: number; readonly outcome: Outcome; readonly onStop: () => void }) {
  const [isStopping, setStopping] = useState(false);
  const tried = outcome.done.length + outcome.left.length;
  const words = `${tried.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  return (
    <Stack gap="sm">
      <Text size="sm">{words}</Text>
      <Progress value={(100 * tried) / total} aria-label="How far it is" />
      <Group justify="flex-end">
        <Button
          variant="default"
          data-autofocus
          disabled={isStopping}
          onClick={() => {
            setStopping(true);
            onStop();
          }}
        >
          {isStopping ? 'Stopping…' : 'Stop'}
        </Button>
      </Group>
    </Stack>
  );
}
