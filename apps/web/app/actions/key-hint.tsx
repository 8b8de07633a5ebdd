import { Kbd } from '@mantine/core';
import { signsOf } from './key.js';
import { useKeyOf } from './use-actions.js';

interface KeyHintProps {
  /** The id of an action. */
  readonly of: string;
  readonly className?: string | undefined;
  /** Where the control's own name says it already. */
  readonly isForSightedOnly?: boolean;
}

/** The key of an action; nothing while it has none. */
export function KeyHint({ of, className, isForSightedOnly = false }: KeyHintProps) {
  const key = useKeyOf(of);
  if (key === undefined) return null;
  return (
    <Kbd size="xs" className={className} aria-hidden={isForSightedOnly || undefined}>
      {signsOf(key).join(' ')}
    </Kbd>
  );
}
