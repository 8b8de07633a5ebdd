// How often people agree with what is suggested to them, by screen: where a screen asks for nothing, and where the step that recommends errs.
import { SegmentedControl, Skeleton } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { AgreementQuery } from './agreement.query.js';
import { PERIODS, USUAL_DAYS } from './agreement-search.js';
import { ScreenCard } from './screen-card.js';
import classes from './agreement.module.css';

export function AgreementPage() {
  useDocumentTitle('Agreement');
  const { workflow, days = USUAL_DAYS } = useSearch({ from: '/agreement' });
  const navigate = useNavigate();
  const variables = useMemo(() => ({ workflow: workflow ?? null, days }), [workflow, days]);
  const { data, error, refresh } = useKeptQuery(AgreementQuery, variables);

  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <div>
          <h1 className={classes.title}>Agreement</h1>
          <p className={classes.soft}>
            {workflow === undefined ? (
              'How often people answer what is suggested to them.'
            ) : (
              <>
                How often people answer what <code>{workflow}</code> suggests to them. <Link to="/agreement">All workflows</Link>
              </>
            )}
          </p>
        </div>
        <SegmentedControl
          size="xs"
          aria-label="Period"
          value={String(days)}
          data={PERIODS.map((period) => ({ value: String(period), label: period === 365 ? '1 year' : `${period} days` }))}
          onChange={(value) =>
            void navigate({ to: '/agreement', search: { ...(workflow === undefined ? {} : { workflow }), days: Number(value) } })
          }
        />
      </header>
      {error && data ? <FailureNote error={error} onRetry={refresh} /> : null}
      {data ? (
        data.agreement.length === 0 ? (
          <EmptyState icon={<IconSparkles size={32} stroke={1.4} />} title="Nothing was decided on a suggestion">
            A screen with <code>suggest</code> appears here when somebody has decided one of its tasks within this time.
          </EmptyState>
        ) : (
          data.agreement.map((screen) => <ScreenCard key={`${screen.workflow} ${screen.screen} ${screen.version}`} screen={screen} />)
        )
      ) : error ? (
        <FailureState error={error} onRetry={refresh} />
      ) : (
        <Skeleton height={300} radius="md" role="status" aria-label="Loading the agreement" />
      )}
    </div>
  );
}
