import { Text } from '@mantine/core';
import { useSession } from '../../../session/session.js';
import type { TaskState } from '../task.query.js';

/** Whose work one goes on with: a draft stays when its author gives the task back, skips it or loses it. */
export function DraftAuthor({ task: { draft, draftBy, claimedBy } }: { readonly task: TaskState }) {
  const { viewer } = useSession();
  if (draft === null || draftBy === null || draftBy.id === viewer.id || draftBy.id === claimedBy?.id) return null;
  return (
    <Text size="xs" c="var(--text-soft)" mb="xs" data-draft-author>
      The draft is by {draftBy.name}. What you change is saved over it.
    </Text>
  );
}
