import { graphql, type FragmentOf } from '../../graphql.js';

/** What a screen takes for many tasks at once. */
export const BulkFragment = graphql(`
  fragment Bulk on TaskBulk {
    any
    answers {
      label
      answer
    }
  }
`);
export type Bulk = FragmentOf<typeof BulkFragment>;

export const MatchingTasksQuery = graphql(
  `
    query MatchingTasks($most: Int!, $filter: TaskFilter, $order: TaskOrder, $timeZone: String, $view: ID) {
      matchingTasks(most: $most, filter: $filter, order: $order, timeZone: $timeZone, view: $view) {
        tasks {
          id
          version
          workflow
          title
          subject
          bulk {
            ...Bulk
          }
        }
        isMore
      }
    }
  `,
  [BulkFragment],
);

/** The form of a task stands for those of its screen. */
export const BulkFormQuery = graphql(`
  query BulkForm($id: ID!) {
    task(id: $id) {
      form
    }
  }
`);

const OutcomeFragment = graphql(`
  fragment Outcome on TaskOutcome {
    id
    task {
      id
    }
    errors {
      message
      path
      ... on VersionConflict {
        task {
          id
          version
        }
      }
    }
  }
`);
export type Outcome = FragmentOf<typeof OutcomeFragment>;

const OutcomesFragment = graphql(
  `
    fragment Outcomes on TaskOutcomesPayload {
      tasks {
        ...Outcome
      }
      errors {
        message
        path
      }
    }
  `,
  [OutcomeFragment],
);
export type Outcomes = FragmentOf<typeof OutcomesFragment>;

export const ReleaseTasks = graphql(
  `
    mutation ReleaseTasks($items: [SeenTask!]!, $reason: String) {
      done: releaseTasks(items: $items, reason: $reason) {
        ...Outcomes
      }
    }
  `,
  [OutcomesFragment],
);

export const ReassignTasks = graphql(
  `
    mutation ReassignTasks($items: [SeenTask!]!, $to: NewAssignee!, $note: String) {
      done: reassignTasks(items: $items, to: $to, note: $note) {
        ...Outcomes
      }
    }
  `,
  [OutcomesFragment],
);

export const SetTaskPriorities = graphql(
  `
    mutation SetTaskPriorities($items: [SeenTask!]!, $priority: Int!, $reason: String) {
      done: setTaskPriorities(items: $items, priority: $priority, reason: $reason) {
        ...Outcomes
      }
    }
  `,
  [OutcomesFragment],
);

export const CompleteTasks = graphql(
  `
    mutation CompleteTasks($items: [SeenTask!]!, $answer: JSON!, $idempotencyKey: String!) {
      done: completeTasks(items: $items, answer: $answer, idempotencyKey: $idempotencyKey) {
        ...Outcomes
      }
    }
  `,
  [OutcomesFragment],
);
