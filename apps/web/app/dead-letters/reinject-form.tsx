import { Skeleton } from '@mantine/core';
import { useMutation, useQuery } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { InputForm } from '../workflow/start/input-form.js';
import { StartFormQuery } from '../workflow/start/start.query.js';
import { type Letter, ReinjectRun } from './dead-letters.query.js';
import frame from '../list/list.module.css';
import classes from './dead-letters.module.css';

/** The form of a start, filled in with what the run had. */
export function ReinjectForm({ letter: { run, input } }: { readonly letter: Letter }) {
  const [{ data, fetching }] = useQuery({ query: StartFormQuery, variables: { name: run.workflow } });
  const [, reinject] = useMutation(ReinjectRun);
  const workflow = data?.workflow;
  if (fetching && !workflow) return <Skeleton height={220} radius="md" role="status" aria-label="Loading the form" />;
  return (
    <section className={classes.again} aria-label="Put in again">
      <h2 className={frame.boxTitle}>Put in again with another input</h2>
      <p>
        Another run begins from the start with this input, in the place of this one. What this one has done is done again, with other
        idempotency keys.
      </p>
      {workflow && run.canRetry && !workflow.isEmitter ? (
        <InputForm
          // The form of another version would ask for other things.
          workflow={workflow.version === run.version ? workflow : { ...workflow, inputSchema: null }}
          initial={input}
          verb="Put in again"
          refusal="Nothing was put in"
          onSend={async (edited) => {
            const { data: answer, error } = await reinject({ id: run.id, input: edited });
            if (error) return { message: describeFailure(error).message };
            const { run: next, errors } = answer?.reinjectRun ?? { run: null, errors: [] };
            return next ? { runId: next.id } : { errors };
          }}
        />
      ) : (
        <p>
          {workflow?.isEmitter
            ? 'It is a run of an emitter, which takes no input.'
            : `Version ${run.version} of its workflow is not hosted here any more. Start another run.`}
        </p>
      )}
    </section>
  );
}
