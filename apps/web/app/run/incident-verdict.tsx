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

const EFFECT = {
  yes: 'It happened',
  no: 'It did not happen',
  goOn: 'Go on with this output',
  output: 'Output of the step',
  again: 'The step begins again, and makes the effect. Be sure that no request of the last attempt is still under way.',
};
const UNDO = {
  yes: 'It is dealt with',
  no: 'Try it again',
  goOn: 'Go on',
  output: 'What was done instead',
  again: 'The undo begins again, with a new count of attempts; what is left to undo comes after it.',
};

/**
 * Whether an effect happened whose outcome is not known: with its output the run goes on, without it the step is tried again. Of an undo
 * that failed, whether a person has dealt with it.
 */
export function IncidentVerdict({ runId, incident, onChanged }: IncidentVerdictProps) {
  const mayOperate = useMay('operator');
  const [, resolve] = useMutation(ResolveIncident);
  const [asked, setAsked] = useState<'happened' | 'did-not'>();
  const [text, setText] = useState('');
  if (!mayOperate) return null;
  const { path, iteration, attempt } = incident;
  const happened = asked === 'happened';
  const words = incident.cause === 'undo-failed' ? UNDO : EFFECT;
  return (
    <>
      <Group gap="xs" mt="xs">
        <Button variant="default" size="xs" onClick={() => setAsked('happened')}>
          {words.yes}
        </Button>
        <Button variant="default" size="xs" onClick={() => setAsked('did-not')}>
          {words.no}
        </Button>
      </Group>
      <ConfirmDialog
        isOpen={asked !== undefined}
        title={`${happened ? words.yes : words.no}?`}
        about={`${runId} ${path} ${iteration}`}
        action={happened ? words.goOn : 'Try again'}
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
            label={words.output}
            description="What it would have returned, as JSON; nothing is null."
            value={text}
            onChange={setText}
            autosize
            minRows={3}
          />
        ) : (
          words.again
        )}
      </ConfirmDialog>
    </>
  );
}
