import { graphql, type FragmentOf, type ResultOf } from '../../graphql.js';
import { TaskCommentFragment } from './comments/comments.query.js';
import { TaskHistoryFragment } from './history/task-history.query.js';

/** What changes while one works on a task: every mutation brings it back. */
export const TaskStateFragment = graphql(`
  fragment TaskState on Task {
    id
    status
    version
    claimedBy {
      id
      name
    }
    claimedUntil
    isMine
    draft
    draftVersion
    draftBy {
      id
      name
    }
    answer
    decidedBy {
      id
      name
    }
    agreement {
      path
      outcome
      from
    }
    reviews {
      required
      given
      isBlind
      isDisputed
      settledBy
      shown {
        by {
          id
          name
        }
        at
        answer
      }
      differing
    }
    endedAt
    undoUntil
  }
`);
export type TaskState = FragmentOf<typeof TaskStateFragment>;

export const TaskQuery = graphql(
  `
    query Task($id: ID!) {
      task(id: $id) {
        ...TaskState
        runId
        workflow
        title
        subject
        instructions
        priority
        openedAt
        dueAt
        followUpAt
        assignee
        assignedFor
        candidateUsers
        candidateGroups
        props
        form
        suggestion {
          values
          confidence
          fields {
            path
            confidence
          }
          source
          openBelow
          leftOut {
            path
            message
          }
        }
        refusal {
          code
          message
          reason
        }
        isNobodyLeft
        columns {
          name
          value
          error
        }
        comments {
          ...TaskComment
        }
        history {
          ...TaskHistoryEntry
        }
      }
    }
  `,
  [TaskStateFragment, TaskCommentFragment, TaskHistoryFragment],
);

export type TaskDetails = NonNullable<ResultOf<typeof TaskQuery>['task']>;

export type TaskSuggestion = NonNullable<TaskDetails['suggestion']>;

/** What a desk is made of. The suggestion is what it was when the task opened. */
export type TaskAtDesk = TaskState & { readonly suggestion: Pick<TaskSuggestion, 'values'> | null };

export const UserErrorFragment = graphql(
  `
    fragment TaskError on UserError {
      __typename
      code
      message
      path
      ... on TaskClaimed {
        by {
          name
        }
        until
      }
      ... on VersionConflict {
        task {
          ...TaskState
        }
      }
      ... on TaskClosed {
        task {
          ...TaskState
        }
      }
    }
  `,
  [TaskStateFragment],
);
export type TaskError = FragmentOf<typeof UserErrorFragment>;
