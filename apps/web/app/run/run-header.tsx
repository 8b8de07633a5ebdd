import { ActionIcon, Anchor, Button, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconHandStop } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ConfirmDialog } from '../feedback/confirm-dialog.js';
import { shortId } from '../runs/short-id.js';
import { startWords } from '../runs/start-words.js';
import { useMay } from '../session/session.js';
import { StatusBadge } from '../status/status-badge.js';
import { hasEnded } from '../status/status-tone.js';
import { Elapsed } from '../time/elapsed.js';
import { RelativeTime } from '../time/relative-time.js';
import { LiftStopButtons } from './lift-stop-buttons.js';
import { PauseButton } from './pause-button.js';
import { RetryButton } from './retry-button.js';
import { CancelRun, type RunDetails } from './run.query.js';
import { WaitCauses } from './wait-causes.js';
import { WaitNote } from './wait-note.js';
import classes from './run.module.css';

export function RunHeader({ run, onChanged }: { readonly run: RunDetails; readonly onChanged: () => void }) {
  const cause = run.related.find(({ direction }) => direction === 'cause');
  return (
    <header className={classes.header}>
      <div className={classes.headline}>
        <h1 className={classes.title}>{run.title}</h1>
        <StatusBadge status={run.status} />
        <WaitNote run={run} />
        <span className={classes.actions}>
          <RetryButton run={run} onChanged={onChanged} />
          <LiftStopButtons run={run} onChanged={onChanged} />
          <PauseButton run={run} onChanged={onChanged} />
          <CancelButton run={run} onChanged={onChanged} />
        </span>
      </div>
      <div className={classes.particulars}>
        <span>
          <code className={classes.code}>
            {run.workflow}@{run.version}
          </code>
        </span>
        <RunId id={run.id} />
        {run.session === null ? null : (
          <span>
            session{' '}
            <Anchor
              size="sm"
              underline="always"
              renderRoot={(props) => <Link to="/sessions/$name" params={{ name: run.session ?? '' }} {...props} />}
            >
              {run.session}
            </Anchor>
          </span>
        )}
        <span>
          started <RelativeTime at={run.createdAt} /> {startWords(run.startedBy)}
          {run.actor ? ` (${run.actor.name})` : ''}
          {cause ? (
            <>
              {', from '}
              <Anchor
                size="sm"
                underline="always"
                renderRoot={(props) => <Link to="/runs/$runId" params={{ runId: cause.run.id }} {...props} />}
              >
                {cause.run.title}
              </Anchor>
            </>
          ) : null}
        </span>
        <span>
          {run.endedAt ? 'took' : 'for'} <Elapsed from={run.createdAt} to={run.endedAt} />
        </span>
        {run.endedAt ? (
          <span>
            ended <RelativeTime at={run.endedAt} />
          </span>
        ) : null}
      </div>
      <WaitCauses run={run} />
    </header>
  );
}

function RunId({ id }: { readonly id: string }) {
  return (
    <CopyButton value={id} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${id}`}>
          <span className={classes.idPart}>
            <code className={classes.code}>{shortId(id)}</code>
            <ActionIcon size="xs" onClick={copy} aria-label="Copy the id of the run">
              {copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
            </ActionIcon>
          </span>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** A run that has something to do before it ends may be ended at once by whoever asks a second time. */
function CancelButton({ run, onChanged }: { readonly run: RunDetails; readonly onChanged: () => void }) {
  const mayOperate = useMay('operator');
  const [, cancel] = useMutation(CancelRun);
  const [isOpen, setOpen] = useState(false);
  if (!mayOperate || hasEnded(run.status)) return null;
  const force = run.cancelRequestedAt !== null;
  const action = force ? 'End it now' : 'Cancel run';
  return (
    <>
      {force ? <span className={classes.canceling}>Canceling…</span> : null}
      <Button variant="default" size="xs" leftSection={<IconHandStop size={15} stroke={1.7} />} onClick={() => setOpen(true)}>
        {action}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        title={force ? 'End this run at once?' : 'Cancel this run?'}
        about={run.id}
        action={action}
        onClose={() => setOpen(false)}
        onConfirm={async (reason) => {
          const { data, error } = await cancel({ id: run.id, reason, force });
          onChanged();
          return error ? describeFailure(error).message : data?.cancelRun.errors[0]?.message;
        }}
      >
        {force
          ? 'It is canceled already, and does what has to be done before its end. That is given up: what it would put in order stays as it is.'
          : 'No further step begins, and its open tasks are closed. What finished steps did stays done.'}
      </ConfirmDialog>
    </>
  );
}
