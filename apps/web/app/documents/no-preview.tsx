import { Button, Group } from '@mantine/core';
import { IconDownload, IconFileOff } from '@tabler/icons-react';
import { EmptyState } from '../feedback/empty-state.js';
import type { DocumentReference } from './document-reference.js';

interface NoPreviewProps {
  readonly document: DocumentReference;
  /** Why not, as a sentence. */
  readonly reason: string;
  /** False for what is gone. */
  readonly mayBeSaved?: boolean;
  readonly onRetry?: (() => void) | undefined;
}

/** A document that cannot be shown, and what one can do about it. */
export function NoPreview({ document, reason, mayBeSaved = true, onRetry }: NoPreviewProps) {
  return (
    <div role="alert">
      <EmptyState icon={<IconFileOff size={32} stroke={1.4} />} title={`${document.fileName} is not shown`}>
        <p style={{ margin: '0 0 12px' }}>{reason}</p>
        <Group justify="center" gap="xs">
          {onRetry ? (
            <Button variant="default" size="xs" onClick={onRetry}>
              Try again
            </Button>
          ) : null}
          {mayBeSaved ? (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={15} />}
              renderRoot={(props) => <a {...props} {...savedFrom(document)} />}
            >
              Download
            </Button>
          ) : null}
        </Group>
      </EmptyState>
    </div>
  );
}

/** The attributes of a link by which it is saved; whatever it is, the server lets no browser run it. */
export function savedFrom({ id, fileName }: DocumentReference): { href: string; download: string } {
  return { href: `/documents/${id}`, download: fileName };
}
