// Whether the record of the decision is as it was sealed, in one line; what that means, folded.
import { Anchor } from '@mantine/core';
import { useEffect } from 'react';
import { useKeptQuery } from '../../../connection/use-kept-query.js';
import { useMay } from '../../../session/session.js';
import { type TaskSeal, TaskSealsQuery } from './seal.query.js';
import classes from './seal-note.module.css';

/** A decision is sealed some two seconds after it is made, and nobody is told of it. */
const ASK_AGAIN_MS = 3_000;

export function SealNote({ taskId }: { readonly taskId: string }) {
  const { data, refresh } = useKeptQuery(TaskSealsQuery, { id: taskId });
  const seals = data?.task?.seals ?? [];
  const isWaiting = seals.some(({ number, problems }) => number === null && problems.length === 0);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setInterval(refresh, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isWaiting, refresh]);
  const mayExport = useMay('operator');
  const last = seals.at(-1);
  if (!last) return null;
  const problems = seals.flatMap((seal) => seal.problems);
  const isWrong = problems.length > 0;
  return (
    <details className={classes.note} data-problem={isWrong || undefined}>
      <summary>{wordsOf(last, isWrong)}</summary>
      {[...problems, ...seals.flatMap(({ notes }) => notes)].map((told) => (
        <p key={told}>{told}</p>
      ))}
      <p>
        A record says what stood before whoever decided, what was answered, by whom and when. Its seal is a hash over it and over the seal
        before. A change that is made after the seal is seen, unless the seals are made anew, too: for sure, only a seal that is kept
        elsewhere shows that. The guide <code>docs/guides/prove-what-was-seen.md</code> says what this proves and what it does not;{' '}
        <code>npm run provenance:verify</code> looks at all records.
      </p>
      {mayExport ? (
        <p>
          <Anchor href="/provenance.jsonl" download fz="inherit">
            Save the records with their seals
          </Anchor>
        </p>
      ) : null}
    </details>
  );
}

function wordsOf({ number, isVerified, isLate }: TaskSeal, isWrong: boolean): string {
  if (isWrong) return number === null ? 'Not sealed, and something is wrong' : `Sealed, no. ${number} – something is wrong`;
  if (number === null) return 'Sealed in a few seconds';
  if (!isVerified) return `Sealed, no. ${number} – its key is not known here`;
  return isLate ? `Sealed late, no. ${number}` : `Sealed, no. ${number} – verified`;
}
