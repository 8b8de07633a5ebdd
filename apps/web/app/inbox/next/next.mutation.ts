import { graphql } from '../../graphql.js';

export const ClaimNextTask = graphql(`
  mutation ClaimNextTask($filter: TaskFilter, $after: ID) {
    claimNextTask(filter: $filter, after: $after) {
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
