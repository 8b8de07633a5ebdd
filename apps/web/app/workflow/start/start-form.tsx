import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../../connection/request-error.js';
import { InputForm } from './input-form.js';
import { StartRun, type Startable } from './start.query.js';
import { SubmissionKey } from './submission-key.js';

export function StartForm({ workflow }: { readonly workflow: Startable }) {
  const [keys] = useState(() => new SubmissionKey());
  const [, start] = useMutation(StartRun);
  return (
    <InputForm
      workflow={workflow}
      verb="Start"
      refusal="Nothing was started"
      onSend={async (input) => {
        const { data, error } = await start({ workflow: workflow.name, input, idempotencyKey: keys.of(input) });
        if (error) return { message: describeFailure(error).message };
        const run = data?.startRun.run;
        return run ? { runId: run.id } : { errors: data?.startRun.errors ?? [] };
      }}
    />
  );
}
