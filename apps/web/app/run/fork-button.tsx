import { Button, JsonInput, Stack } from '@mantine/core';
import { IconGitFork } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ConfirmDialog } from '../feedback/confirm-dialog.js';
import { inSentences } from '../form/field-errors.js';
import { useMay } from '../session/session.js';
import { ForkRun, type RunDetails, type RunStep } from './run.query.js';

/** Starts another run as this one was before the step, and leads to it. */
export function ForkButton({ run, step }: { readonly run: RunDetails; readonly step: RunStep }) {
  const mayOperate = useMay('operator');
  const navigate = useNavigate();
  const [, fork] = useMutation(ForkRun);
  const before = JSON.stringify(run.input, null, 2);
  const [input, setInput] = useState<string>();
  if (!mayOperate) return null;
  const confirm = async (text: string, reason: string | null): Promise<string | undefined> => {
    const edited = parsed(text);
    if (edited === undefined) return 'The input is not JSON.';
    const from = { path: step.path, iteration: step.iteration };
    const { data, error } = await fork({ id: run.id, from, reason, ...(text === before ? {} : { input: edited.value }) });
    if (error) return describeFailure(error).message;
    const next = data?.forkRun.run?.id;
    if (next) void navigate({ to: '/runs/$runId', params: { runId: next } });
    return inSentences(data?.forkRun.errors ?? [], 'input') || undefined;
  };
  return (
    <>
      <Button
        aria-label={`Fork from here, ${step.nodeId}`}
        variant="subtle"
        size="compact-xs"
        leftSection={<IconGitFork size={14} stroke={1.7} aria-hidden="true" />}
        onClick={() => setInput(before)}
      >
        Fork from here
      </Button>
      <ConfirmDialog
        isOpen={input !== undefined}
        title={`Fork from ${step.nodeId}?`}
        action="Fork"
        dismissal="Not now"
        color="well"
        onClose={() => setInput(undefined)}
        onConfirm={(reason) => confirm(input ?? before, reason)}
      >
        <Stack gap="sm">
          <span>
            Another run begins as this one was before <strong>{step.nodeId}</strong>, and goes on with that. What was done before is not
            done again; this run stays as it is.
          </span>
          <JsonInput
            label="Input"
            description="What the steps from here on read as the input of the run."
            value={input ?? before}
            onChange={setInput}
            formatOnBlur
            autosize
            minRows={3}
            maxRows={12}
            validationError="This is not JSON."
          />
        </Stack>
      </ConfirmDialog>
    </>
  );
}

function parsed(text: string): { readonly value: RunDetails['input'] } | undefined {
  try {
    return { value: JSON.parse(text) as RunDetails['input'] };
  } catch {
    return undefined;
  }
}
