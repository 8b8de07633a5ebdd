import { Button } from '@mantine/core';
import { IconCloudOff, IconLock, IconMoodConfuzed } from '@tabler/icons-react';
import type { CombinedError } from '@urql/core';
import { describeFailure } from '../connection/request-error.js';
import { EmptyState } from './empty-state.js';

const ICONS = { 'sign-in': IconLock, forbidden: IconLock, offline: IconCloudOff, failed: IconMoodConfuzed } as const;

/** A page that could not be loaded. */
export function FailureState({ error, onRetry }: { readonly error: CombinedError; readonly onRetry?: () => void }) {
  const { kind, title, message } = describeFailure(error);
  const Icon = ICONS[kind];
  return (
    <div role="alert">
      <EmptyState icon={<Icon size={32} stroke={1.4} />} title={title}>
        <p style={{ margin: '0 0 12px' }}>{message}</p>
        {onRetry && kind !== 'forbidden' ? (
          <Button variant="default" size="xs" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
      </EmptyState>
    </div>
  );
}
