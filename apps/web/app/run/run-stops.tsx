import { Alert, Anchor } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { RelativeTime } from '../time/relative-time.js';
import { stepWords } from './step-words.js';
import type { RunDetails } from './run.query.js';

/** Where the workflow has stopped its run to be asked, above everything else. */
export function RunStops({ run }: { readonly run: RunDetails }) {
  if (run.cancelRequestedAt !== null) return null;
  return run.stops.map((stop) => (
    <Alert
      key={stop.seq}
      color="yellow"
      variant="light"
      mb="md"
      p="sm"
      icon={<IconHandStop size={18} />}
      title={`Stopped behind ${stepWords(stop)}`}
      role="status"
    >
      Its workflow wants to be asked before the next step begins (<RelativeTime at={stop.since} />
      ). An operator lets it go on.{' '}
      <Anchor
        size="sm"
        underline="always"
        renderRoot={(props) => <Link to="/runs/$runId" params={{ runId: run.id }} search={{ node: nodeOf(run, stop) }} {...props} />}
      >
        Show what the step returned
      </Anchor>
    </Alert>
  ));
}

function nodeOf({ steps }: RunDetails, { path, iteration }: RunDetails['stops'][number]): string {
  return steps.find((step) => step.path === path && step.iteration === iteration)?.key ?? path;
}
