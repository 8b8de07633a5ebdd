import { graphql, type FragmentOf } from '../../../graphql.js';

export const TaskCommentFragment = graphql(`
  fragment TaskComment on TaskComment {
    id
    parentId
    field
    text
    author {
      id
      name
    }
    at
    editedAt
    resolvedBy {
      name
    }
    resolvedAt
  }
`);
export type TaskComment = FragmentOf<typeof TaskCommentFragment>;

export const CommentOnTask = graphql(`
  mutation CommentOnTask($taskId: ID!, $text: String!, $field: String, $parentId: ID, $idempotencyKey: String) {
    commentOnTask(taskId: $taskId, text: $text, field: $field, parentId: $parentId, idempotencyKey: $idempotencyKey) {
      errors {
        message
      }
    }
  }
`);

export const EditComment = graphql(`
  mutation EditComment($taskId: ID!, $id: ID!, $text: String!) {
    editComment(taskId: $taskId, id: $id, text: $text) {
      errors {
        message
      }
    }
  }
`);

export const ResolveComment = graphql(`
  mutation ResolveComment($taskId: ID!, $id: ID!) {
    resolveComment(taskId: $taskId, id: $id) {
      errors {
        message
      }
    }
  }
`);

export const ReopenComment = graphql(`
  mutation ReopenComment($taskId: ID!, $id: ID!) {
    reopenComment(taskId: $taskId, id: $id) {
      errors {
        message
      }
    }
  }
`);
