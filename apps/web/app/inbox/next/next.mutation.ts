import { graphql } from '../../graphql.js';

export const ClaimNextTask = graphql(`
  mutation ClaimNextTask($filter: TaskFilter, $order: TaskOrder, $timeZone: String, $view: ID, $after: ID) {
    claimNextTask(filter: $filter, order: $order, timeZone: $timeZone, view: $view, after: $after) {
      task {
        id
        subject
      }
      errors {
        message
      }
    }
  }
`);
