import { Tooltip } from '@mantine/core';
import { formatRelative } from './format-duration.js';
import { formatInstantFully } from './format-instant.js';
import { useNow } from './ticking-now.js';

/** How long ago or until when; the exact instant stands in the tooltip. */
export function RelativeTime({ at, className }: { readonly at: string; readonly className?: string | undefined }) {
  const now = useNow(5_000);
  return (
    <Tooltip label={formatInstantFully(at)}>
      <time dateTime={at} className={className ? `numbers ${className}` : 'numbers'}>
        {formatRelative(Date.parse(at), now)}
      </time>
    </Tooltip>
  );
}

/** The same for a row among many: a tooltip of our own costs more than all else in it. */
export function PlainRelativeTime({ at }: { readonly at: string }) {
  const now = useNow(5_000);
  return (
    <time dateTime={at} title={formatInstantFully(at)} className="numbers">
      {formatRelative(Date.parse(at), now)}
    </time>
  );
}
