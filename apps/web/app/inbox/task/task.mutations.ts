import { graphql } from '../../graphql.js';
import { TaskStateFragment, UserErrorFragment } from './task.query.js';

export const ClaimTask = graphql(
  `
    mutation ClaimTask($id: ID!) {
      claimTask(id: $id) {
        task {
          ...TaskState
        }
        errors {
          ...TaskError
        }
      }
    }
  `,
  [TaskStateFragment, UserErrorFragment],
);

export const ReleaseTask = graphql(
  `
    mutation ReleaseTask($id: ID!) {
      releaseTask(id: $id) {
        task {
          ...TaskState
        }
        errors {
          ...TaskError
        }
      }
    }
  `,
  [TaskStateFragment, UserErrorFragment],
);

export const TakeOverTask = graphql(
  `
    mutation TakeOverTask($id: ID!, $expectedVersion: Int!, $reason: String) {
      takeOverTask(id: $id, expectedVersion: $expectedVersion, reason: $reason) {
        task {
          ...TaskState
        }
        errors {
          ...TaskError
        }
      }
    }
  `,
  [TaskStateFragment, UserErrorFragment],
);

export const ReassignTask = graphql(
  `
    mutation ReassignTask($id: ID!, $to: NewAssignee!, $note: String) {
      reassignTask(id: $id, to: $to, note: $note) {
        task {
          ...TaskState
        }
        errors {
          ...TaskError
        }
      }
    }
  `,
  [TaskStateFragment, UserErrorFragment],
);

export const SkipTask = graphql(
  `
    mutation SkipTask(
      $id: ID!
      $reason: String!
      $claimNext: Boolean
      $filter: TaskFilter
      $order: TaskOrder
      $timeZone: String
      $view: ID
    ) {
      skipTask(id: $id, reason: $reason, claimNext: $claimNext, filter: $filter, order: $order, timeZone: $timeZone, view: $view) {
        task {
          ...TaskState
        }
        nextTask {
          id
          subject
        }
        errors {
          ...TaskError
        }
      }
    }
  `,
  [TaskStateFragment, UserErrorFragment],
);

export const SaveTaskDraft = graphql(
  `
    mutation SaveTaskDraft($id: ID!, $expectedDraftVersion: Int!, $draft: JSON!) {
      saveTaskDraft(id: $id, expectedDraftVersion: $expectedDraftVersion, draft: $draft) {
        task {
          ...TaskState
        }
        errors {
          ...TaskError
        }
      }
    }
  `,
  [TaskStateFragment, UserErrorFragment],
);

export const CompleteTask = graphql(
  `
    mutation CompleteTask(
      $id: ID!
      $expectedVersion: Int!
      $answer: JSON!
      $idempotencyKey: String
      $claimNext: Boolean
      $filter: TaskFilter
      $order: TaskOrder
      $timeZone: String
      $view: ID
    ) {
      completeTask(
        id: $id
        expectedVersion: $expectedVersion
        answer: $answer
        idempotencyKey: $idempotencyKey
        claimNext: $claimNext
        filter: $filter
        order: $order
        timeZone: $timeZone
        view: $view
      ) {
        task {
          ...TaskState
        }
        nextTask {
          id
          subject
        }
        errors {
          ...TaskError
        }
      }
    }
  `,
  [TaskStateFragment, UserErrorFragment],
);

export const UndoDecision = graphql(
  `
    mutation UndoDecision($id: ID!) {
      undoDecision(id: $id) {
        task {
          ...TaskState
        }
        errors {
          ...TaskError
        }
      }
    }
  `,
  [TaskStateFragment, UserErrorFragment],
);

export const CancelTask = graphql(
  `
    mutation CancelTask($id: ID!, $expectedVersion: Int!, $reason: String) {
      cancelTask(id: $id, expectedVersion: $expectedVersion, reason: $reason) {
        task {
          ...TaskState
        }
        errors {
          ...TaskError
        }
      }
    }
  `,
  [TaskStateFragment, UserErrorFragment],
);
