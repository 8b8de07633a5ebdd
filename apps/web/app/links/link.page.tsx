// Where a link of a message leads: what is to be decided, and the one button that decides it. Opening it changes nothing, because programs
// open links before people do.
import { Alert, Anchor, Button, Paper, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import type { ResultOf } from '../graphql.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { formatInstant } from '../time/format-instant.js';
import { DataPanel } from '../values/data-panel.js';
import { ApprovalLinkQuery, DecideByLink } from './link.query.js';
import classes from './link.module.css';

export function LinkPage({ token }: { readonly token: string }) {
  const [{ data, error, fetching }] = useQuery({ query: ApprovalLinkQuery, variables: { token } });
  // What was shown stays, though the link is used now.
  const [kept, setKept] = useState<typeof data>();
  if (data?.approvalLink && !kept) setKept(data);
  const link = (kept ?? data)?.approvalLink;
  useDocumentTitle(link?.subject ?? 'Decide a task');

  return (
    <div className={classes.page}>
      {link ? (
        <Decision token={token} link={link} />
      ) : fetching ? (
        <Skeleton height={260} radius="md" role="status" aria-label="Loading the task" />
      ) : (
        <Paper withBorder radius="md" className={classes.card}>
          <h1 className={classes.title}>This link does not lead on</h1>
          <Alert color="yellow" variant="light" role="alert">
            {error ? describeFailure(error).message : 'There is no answer.'}
          </Alert>
          <Anchor href="/inbox" size="sm">
            Your inbox
          </Anchor>
        </Paper>
      )}
    </div>
  );
}

interface DecisionProps {
  readonly token: string;
  readonly link: NonNullable<ResultOf<typeof ApprovalLinkQuery>['approvalLink']>;
}

function Decision({ token, link }: DecisionProps) {
  const [{ fetching, data, error }, decide] = useMutation(DecideByLink);
  const isDecided = data?.decideByLink.decided === true;
  const failure = error ? describeFailure(error).message : data?.decideByLink.errors[0]?.message;
  const isOver = link.status !== 'open' && link.status !== 'claimed';

  return (
    <>
      <Paper withBorder radius="md" className={classes.card}>
        <h1 className={classes.title}>{link.subject}</h1>
        <p className={classes.soft}>
          {link.title}, for {link.person}
          {link.dueAt ? `, due ${formatInstant(link.dueAt)}` : ''}
        </p>
        {link.instructions ? <p style={{ margin: 0 }}>{link.instructions}</p> : null}
        {isDecided ? (
          <Alert variant="light" color="well" role="status">
            Decided: {link.label}.
          </Alert>
        ) : isOver ? (
          <Alert color="yellow" variant="light" role="alert">
            This task is over: it was {link.status}.
          </Alert>
        ) : (
          <>
            {failure === undefined ? null : (
              <Alert color="red" variant="light" role="alert">
                {failure}
              </Alert>
            )}
            <div>
              <Button loading={fetching} onClick={() => void decide({ token, expectedVersion: link.version })}>
                {link.label}
              </Button>
            </div>
          </>
        )}
        <Anchor href={`/inbox/${link.taskId}`} size="sm">
          Open the task in your inbox
        </Anchor>
      </Paper>
      <DataPanel title="What there is to decide" label="what there is to decide" value={link.props} />
      <DataPanel title="What is answered by it" label="the answer" value={link.answer} />
    </>
  );
}
