import { Button, Code } from '@mantine/core';
import { IconMoodConfuzed } from '@tabler/icons-react';
import { EmptyState } from '../feedback/empty-state.js';

/** A page that broke: says so, and how to go on, instead of an empty window. */
export function Crash({ error }: { readonly error: unknown }) {
  return (
    <div role="alert">
      <EmptyState icon={<IconMoodConfuzed size={32} stroke={1.4} />} title="This page broke">
        <p>Reload it. If it breaks again, tell whoever looks after this installation what stands here:</p>
        <Code block mb="sm">
          {error instanceof Error ? error.message : String(error)}
        </Code>
        <Button variant="default" size="xs" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </EmptyState>
    </div>
  );
}
