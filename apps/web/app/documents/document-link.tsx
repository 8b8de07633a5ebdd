import { Anchor } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import type { DocumentReference } from './document-reference.js';
import { savedFrom } from './no-preview.js';

/** A document among values: its name, by which it is saved. */
export function DocumentLink({ document }: { readonly document: DocumentReference }) {
  return (
    <Anchor size="sm" style={{ overflowWrap: 'anywhere' }} {...savedFrom(document)}>
      <IconPaperclip size={14} stroke={1.7} aria-hidden="true" style={{ verticalAlign: '-2px', marginRight: 4 }} />
      {document.fileName}
    </Anchor>
  );
}
