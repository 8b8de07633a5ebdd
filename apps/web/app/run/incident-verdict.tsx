import { Button, Group, JsonInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ConfirmDialog } from '../feedback/confirm-dialog.js';
import { useMay } from '../session/session.js';
import { parseInput } from '../workflow/start/json-input.js';
import { ResolveIncident, type RunDetails } from './run.query.js';

interface IncidentVerdictProps {
  readonly runId: string;
  readonly incident: RunDetails['incidents'][number];
  readonly onChanged: () => void;
}

/** Whether an effect happened whose outcome is not known: with its output the run goes on, without it the step is tried again. */
export function IncidentVerdict({ runId, incident, onChanged }: IncidentVerdictProps) {
  const mayOperate = useMay('operator');
  const [, resolve] = useMutation(ResolveIncident);
  const [asked, setAsked] = useState<'happened' | 'did-not'>();
  const [text, setText] = useState('');
  if (!mayOperate) return null;
  const { path, iteration, attempt } = incident;
  const happened = asked === 'happened';
  return (
    <>
      <Group gap="xs" mt="xs">
        <Button variant="default" size="xs" onClick={() => setAsked('happened')}>
          It happened
        </Button>
        <Button variant="default" size="xs" onClick={() => setAsked('did-not')}>
          It did not happen
        </Button>
      </Group>
      <ConfirmDialog
        isOpen={asked !== undefined}
        title={happened ? 'It happened?' : 'It did not happen?'}
        action={happened ? 'Go on with this output' : 'Try again'}
        dismissal="Not now"
        color="well"
        onClose={() => setAsked(undefined)}
        onConfirm={async (reason) => {
          const parsed = happened ? parseInput(text) : { value: null };
          if ('problem' in parsed) return parsed.problem;
          const { data, error } = await resolve({ id: runId, path, iteration, attempt, happened, output: parsed.value, reason });
          if (error) return describeFailure(error).message;
          onChanged();
          return data?.resolveIncident.errors[0]?.message;
        }}
      >
        {happened ? (
          <JsonInput
            label="Output of the step"
            description="What it would have returned, as JSON; nothing is null."
            value={text}
            onChange={setText}
            autosize
            minRows={3}
          />
        ) : (
          'The step begins again, and makes the effect. Be sure that no request of the last attempt is still under way.'
        )}
      </ConfirmDialog>
    </>
  );
}
