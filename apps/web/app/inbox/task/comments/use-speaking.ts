import { notifications } from '@mantine/notifications';
import type { CombinedError } from '@urql/core';
import { useMemo } from 'react';
import { useClient } from 'urql';
import { describeFailure } from '../../../connection/request-error.js';
import { announce } from '../../../focus/announce.js';
import { SubmissionKey } from '../../../workflow/start/submission-key.js';
import { CommentOnTask, EditComment, ReopenComment, ResolveComment, type TaskComment } from './comments.query.js';

export interface Speaking {
  /** Each: @returns why not, when it was refused */
  readonly say: (words: {
    readonly text: string;
    readonly field?: string | null;
    readonly parentId?: string;
  }) => Promise<string | undefined>;
  readonly change: (id: string, text: string) => Promise<string | undefined>;
  /** Resolves it, or opens it again. @returns whether it was done; else it is told */
  readonly settle: (comment: TaskComment) => Promise<boolean>;
}

/** What one can say about a task. @param onSaid the task has to be read anew */
export function useSpeaking(taskId: string, onSaid: () => void): Speaking {
  const client = useClient();
  return useMemo(() => {
    // What got no answer and is sent again is said once; what was said may be said again.
    let keys = new SubmissionKey();
    return {
      say: async ({ text, field = null, parentId = null }) => {
        const words = { text, field, parentId };
        const { data, error } = await client.mutation(CommentOnTask, { taskId, ...words, idempotencyKey: keys.of(words) });
        const refused = told(error, data?.commentOnTask.errors, parentId === null ? 'Comment added' : 'Answer added');
        if (refused === undefined) keys = new SubmissionKey();
        return refused;
      },
      change: async (id, text) => {
        const { data, error } = await client.mutation(EditComment, { taskId, id, text });
        return told(error, data?.editComment.errors, 'Comment changed');
      },
      settle: async ({ id, resolvedAt }) => {
        const variables = { taskId, id };
        const refused =
          resolvedAt === null
            ? await client
                .mutation(ResolveComment, variables)
                .then(({ data, error }) => told(error, data?.resolveComment.errors, 'Resolved'))
            : await client
                .mutation(ReopenComment, variables)
                .then(({ data, error }) => told(error, data?.reopenComment.errors, 'Opened again'));
        if (refused !== undefined) notifications.show({ color: 'red', title: 'That did not work', message: refused });
        return refused === undefined;
      },
    };
  }, [client, taskId, onSaid]);

  function told(
    error: CombinedError | undefined,
    errors: readonly { readonly message: string }[] | undefined,
    done: string,
  ): string | undefined {
    const refused = error ? describeFailure(error).message : errors?.[0]?.message;
    if (refused === undefined) {
      announce(done);
      onSaid();
    }
    return refused;
  }
}
