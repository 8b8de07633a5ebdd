// What may be done with a checkpoint of a run.
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ConfirmDialog } from '../feedback/confirm-dialog.js';
import { ExportCheckpoint, PruneCheckpoints } from './checkpoints.query.js';
import { ForkRun } from './run.query.js';
import { saveFile } from './save-file.js';
import classes from './run-journal.module.css';

interface PlaceProps {
  readonly runId: string;
  readonly seq: number;
}

/** Starts another run behind the checkpoint, and leads to it. */
export function GoOnButton({ runId, seq, path }: PlaceProps & { readonly path: string }) {
  const [isAsking, setAsking] = useState(false);
  const [, fork] = useMutation(ForkRun);
  const navigate = useNavigate();
  const confirm = async (reason: string | null): Promise<string | undefined> => {
    const { data, error } = await fork({ id: runId, checkpoint: seq, reason });
    if (error) return describeFailure(error).message;
    const next = data?.forkRun.run?.id;
    if (next) void navigate({ to: '/runs/$runId', params: { runId: next } });
    return data?.forkRun.errors[0]?.message;
  };
  return (
    <>
      <Button aria-label={`Fork from here, checkpoint ${seq}`} variant="subtle" size="compact-xs" onClick={() => setAsking(true)}>
        Fork from here
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={`Fork behind ${path}?`}
        action="Fork"
        dismissal="Not now"
        color="well"
        onClose={() => setAsking(false)}
        onConfirm={confirm}
      >
        Another run begins with what this one knew here, and goes on at the next step. This run stays as it is.
      </ConfirmDialog>
    </>
  );
}

/** As a file whose text another run goes on from, once: `runCheckpoint`. */
export function ExportButton({ runId, seq }: PlaceProps) {
  const [{ fetching }, exportCheckpoint] = useMutation(ExportCheckpoint);
  const [failure, setFailure] = useState<string>();
  const save = async () => {
    const { data, error } = await exportCheckpoint({ id: runId, seq });
    const text = data?.exportCheckpoint.checkpoint;
    if (text) saveFile(`run-${runId}-${seq}.checkpoint`, text, 'text/plain');
    setFailure(error ? describeFailure(error).message : data?.exportCheckpoint.errors[0]?.message);
  };
  return (
    <>
      <Button aria-label={`Export checkpoint ${seq}`} variant="subtle" size="compact-xs" loading={fetching} onClick={() => void save()}>
        Export
      </Button>
      {failure ? (
        <span role="alert" className={classes.failure}>
          {failure}
        </span>
      ) : null}
    </>
  );
}

export function PruneButton({ runId, seq, count, onPruned }: PlaceProps & { readonly count: number; readonly onPruned: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const [, prune] = useMutation(PruneCheckpoints);
  const confirm = async (): Promise<string | undefined> => {
    const { data, error } = await prune({ id: runId, before: seq });
    if (error) return describeFailure(error).message;
    onPruned();
    return data?.pruneCheckpoints.errors[0]?.message;
  };
  return (
    <>
      <Button
        aria-label={`Prune those before checkpoint ${seq}`}
        variant="subtle"
        color="gray"
        size="compact-xs"
        onClick={() => setAsking(true)}
      >
        Prune those before
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={`Prune ${count} ${count === 1 ? 'checkpoint' : 'checkpoints'}?`}
        action="Prune"
        dismissal="Keep them"
        asksReason={false}
        onClose={() => setAsking(false)}
        onConfirm={confirm}
      >
        No run can go on from them any more, and what steps had saved there is removed. The journal keeps all outputs.
      </ConfirmDialog>
    </>
  );
}
