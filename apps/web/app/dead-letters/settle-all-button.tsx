import { Button } from '@mantine/core';
import type { TypedDocumentNode } from '@urql/core';
import { type ReactNode, useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { ConfirmDialog } from '../feedback/confirm-dialog.js';
import type { ReinjectDeadLetters } from './dead-letters.query.js';
import type { StoredLetterFilter } from './letter-filter.js';
import type { ResultOf, VariablesOf } from '../graphql.js';

interface SettleAllProps {
  readonly verb: 'Retry' | 'Dismiss';
  readonly filter: StoredLetterFilter;
  readonly mutation: TypedDocumentNode<ResultOf<typeof ReinjectDeadLetters>, VariablesOf<typeof ReinjectDeadLetters>>;
  readonly onChanged: () => void;
  readonly children: ReactNode;
}

/** Counts first what fits the filter, and says so; what is refused is told, and stays on the list. */
export function SettleAllButton({ verb, filter, mutation, onChanged, children }: SettleAllProps) {
  const [{ fetching }, settle] = useMutation(mutation);
  const [found, setFound] = useState<number>();
  const [failure, setFailure] = useState<string>();
  const count = async () => {
    const { data, error } = await settle({ filter, dryRun: true });
    setFailure(error && describeFailure(error).message);
    setFound(data?.done.found);
  };
  return (
    <>
      <Button variant="default" size="xs" loading={fetching && found === undefined} onClick={() => void count()}>
        {verb} all…
      </Button>
      {failure ? <span role="alert">{failure}</span> : null}
      <ConfirmDialog
        isOpen={found !== undefined}
        title={`${verb} ${counted(found ?? 0)}?`}
        action={`${verb} them`}
        dismissal="Not now"
        color="well"
        onClose={() => setFound(undefined)}
        onConfirm={async (reason) => {
          const { data, error } = await settle({ filter, dryRun: false, reason });
          onChanged();
          if (error) return describeFailure(error).message;
          const [refused] = data?.done.refused ?? [];
          const left = data?.done.refused.length ?? 0;
          return data?.done.errors[0]?.message ?? (refused && `${counted(left)} stayed, of which the first: ${refused.message}`);
        }}
      >
        What fits the filter now: {counted(found ?? 0)}. {children}
      </ConfirmDialog>
    </>
  );
}

function counted(count: number): string {
  if (count > 10_000) return 'more than 10,000 dead letters';
  return count === 1 ? 'one dead letter' : `${count.toLocaleString('en')} dead letters`;
}
