// Starts a run by hand: a form made from the class of the input, or JSON.
import { Skeleton } from '@mantine/core';
import { IconLock, IconRouteOff } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { EmptyState } from '../../feedback/empty-state.js';
import { FailureState } from '../../feedback/failure-state.js';
import { useMay } from '../../session/session.js';
import { useDocumentTitle } from '../../shell/use-document-title.js';
import { StartForm } from './start-form.js';
import { StartFormQuery } from './start.query.js';
import classes from './start.module.css';

const route = getRouteApi('/workflows/$name/start');

export function StartPage() {
  const { name } = route.useParams();
  const mayOperate = useMay('operator');
  const [{ data, error, fetching }, ask] = useQuery({ query: StartFormQuery, variables: { name } });
  const workflow = data?.workflow?.name === name ? data.workflow : undefined;
  useDocumentTitle(workflow ? `Start ${workflow.title}` : 'Start a run');

  if (!mayOperate)
    return (
      <EmptyState icon={<IconLock size={32} stroke={1.4} />} title="Your role may not start runs">
        An operator or an admin may.
      </EmptyState>
    );
  if (workflow)
    return (
      <div className={classes.page}>
        <header className={classes.header}>
          <h1 className={classes.title}>Start a run</h1>
          <Link to="/workflows/$name" params={{ name }} className={classes.of}>
            {workflow.title}
          </Link>
        </header>
        <StartForm key={name} workflow={workflow} />
      </div>
    );
  if (error) return <FailureState error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  if (fetching)
    return (
      <div className={classes.page} role="status" aria-label="Loading the form">
        <Skeleton height={24} width={200} mb={16} />
        <Skeleton height={280} radius="md" />
      </div>
    );
  return (
    <EmptyState icon={<IconRouteOff size={32} stroke={1.4} />} title="No such workflow is hosted here">
      The address may be wrong, or its folder is no longer in workflows/.
    </EmptyState>
  );
}
