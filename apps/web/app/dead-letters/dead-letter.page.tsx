// One dead letter: why it failed, attempt by attempt, and what may become of it.
import { Alert, Anchor } from '@mantine/core';
import { IconAlertOctagon, IconMailOff } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { EmptyState } from '../feedback/empty-state.js';
import { ItemHeader, ItemPage } from '../list/item-page.js';
import { shortId } from '../runs/short-id.js';
import { useMay } from '../session/session.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { RelativeTime } from '../time/relative-time.js';
import { DataPanel } from '../values/data-panel.js';
import { DeadLetterQuery, type Letter } from './dead-letters.query.js';
import { DismissButton, RetryLetterButton } from './letter-buttons.js';
import { FailedSteps } from './failed-steps.js';
import { ReinjectForm } from './reinject-form.js';
import classes from '../list/list.module.css';

const route = getRouteApi('/dead-letters/$runId');

export function DeadLetterPage() {
  const { runId } = route.useParams();
  const variables = useMemo(() => ({ id: runId }), [runId]);
  const query = useKeptQuery(DeadLetterQuery, variables);
  const { data } = query;
  const letter = data?.deadLetter?.run.id === runId ? data.deadLetter : undefined;
  useDocumentTitle(letter ? `Dead letter ${shortId(runId)}` : 'Dead letter');

  return (
    <ItemPage query={query} item={data?.deadLetter === null ? null : letter} what="the dead letter" none={<NoLetter runId={runId} />}>
      {(found) => <DeadLetter key={runId} letter={found} />}
    </ItemPage>
  );
}

function NoLetter({ runId }: { readonly runId: string }) {
  return (
    <EmptyState icon={<IconMailOff size={32} stroke={1.4} />} title="This is no dead letter, or none any more">
      Somebody may have retried it, put it in again or dismissed it.{' '}
      <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId }} {...props} />}>
        Its run
      </Anchor>
    </EmptyState>
  );
}

function DeadLetter({ letter }: { readonly letter: Letter }) {
  const { run, failedAt, input, failedSteps } = letter;
  const mayOperate = useMay('operator');
  return (
    <>
      <ItemHeader
        of={{ to: '/dead-letters', title: 'Dead letters' }}
        title={run.title}
        actions={
          mayOperate ? (
            <>
              {run.canRetry ? <RetryLetterButton runId={run.id} /> : null}
              <DismissButton runId={run.id} />
            </>
          ) : null
        }
      >
        <span>
          <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId: run.id }} {...props} />}>
            run {shortId(run.id)}
          </Anchor>
        </span>
        <span>
          failed <RelativeTime at={failedAt} />
        </span>
        {run.subject ? <span>{run.subject}</span> : null}
      </ItemHeader>
      <Alert color="red" variant="light" mb="md" p="sm" icon={<IconAlertOctagon size={18} />} title={run.errorCode ?? 'Failed'}>
        {run.errorMessage}
      </Alert>
      <div className={classes.columns}>
        <FailedSteps steps={failedSteps} />
        <div className={`panel ${classes.box}`}>
          <DataPanel title="Input" label="input" value={input} />
        </div>
      </div>
      {mayOperate ? <ReinjectForm letter={letter} /> : null}
    </>
  );
}
