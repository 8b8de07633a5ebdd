import { graphql, type FragmentOf, type ResultOf } from '../graphql.js';

export const DeadLetterRowFragment = graphql(`
  fragment DeadLetterRow on DeadLetter {
    failedAt
    run {
      id
      workflow
      title
      errorCode
      errorMessage
      subject
    }
  }
`);
export type DeadLetterRow = FragmentOf<typeof DeadLetterRowFragment>;

export const DeadLettersQuery = graphql(
  `
    query DeadLetters($first: Int!, $after: String, $filter: DeadLetterFilter) {
      deadLetters(first: $first, after: $after, filter: $filter) {
        edges {
          cursor
          node {
            ...DeadLetterRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [DeadLetterRowFragment],
);

export const DeadLetterQuery = graphql(`
  query DeadLetter($id: ID!) {
    deadLetter(id: $id) {
      failedAt
      input
      run {
        id
        workflow
        title
        version
        errorCode
        errorMessage
        subject
        canRetry
      }
      failedSteps {
        key
        nodeId
        error {
          code
          message
        }
        attempts {
          number
          startedAt
          endedAt
          worker
          error {
            code
            message
          }
        }
      }
    }
  }
`);
export type Letter = NonNullable<ResultOf<typeof DeadLetterQuery>['deadLetter']>;

export const ReinjectRun = graphql(`
  mutation ReinjectRun($id: ID!, $input: JSON, $reason: String) {
    reinjectRun(id: $id, input: $input, reason: $reason) {
      run {
        id
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const DismissDeadLetter = graphql(`
  mutation DismissDeadLetter($id: ID!, $reason: String) {
    dismissDeadLetter(id: $id, reason: $reason) {
      errors {
        message
      }
    }
  }
`);

export const ReinjectDeadLetters = graphql(`
  mutation ReinjectDeadLetters($filter: DeadLetterFilter!, $dryRun: Boolean!, $reason: String) {
    done: reinjectDeadLetters(filter: $filter, dryRun: $dryRun, reason: $reason) {
      found
      settled
      refused {
        runId
        message
      }
      errors {
        message
      }
    }
  }
`);

export const DismissDeadLetters = graphql(`
  mutation DismissDeadLetters($filter: DeadLetterFilter!, $dryRun: Boolean!, $reason: String) {
    done: dismissDeadLetters(filter: $filter, dryRun: $dryRun, reason: $reason) {
      found
      settled
      refused {
        runId
        message
      }
      errors {
        message
      }
    }
  }
`);
