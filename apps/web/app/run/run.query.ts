import { GraphFragment } from '../graph/graph.fragment.js';
import { graphql, type FragmentOf, type ResultOf } from '../graphql.js';

export const StepFragment = graphql(`
  fragment RunStep on Step {
    key
    path
    iteration
    nodeId
    kind
    status
    startedAt
    endedAt
    output
    waitReason
    dueAt
    taskId
    childRunId
    substitute
    progress {
      done
      total
    }
    escalations {
      number
      what
      whom
      handler
      afterMs
      after
      status
      dueAt
      at
      as
      namesNobody
      error {
        code
        message
      }
    }
    error {
      code
      message
      stack
    }
    attempts {
      number
      status
      startedAt
      endedAt
      retryAt
      error {
        code
        message
        stack
      }
    }
  }
`);
export type RunStep = FragmentOf<typeof StepFragment>;

export const RunQuery = graphql(
  `
    query Run($id: ID!) {
      run(id: $id) {
        id
        workflow
        title
        version
        status
        waitReasons
        waitingBecause {
          kind
          words
          until
          runIds
        }
        dueAt
        createdAt
        endedAt
        cancelRequestedAt
        canCancel
        canRetry
        canPause
        startedBy
        actor {
          name
        }
        stops {
          seq
          path
          iteration
          since
        }
        interventions {
          seq
          type
          path
          iteration
          by {
            name
          }
          reason
          at
        }
        incidents {
          path
          iteration
          nodeId
          attempt
          cause
          since
          error {
            code
            message
          }
        }
        lineage {
          id
          status
          createdAt
          endedAt
        }
        errorCode
        errorMessage
        session
        isDeadLetter
        settledLetter {
          as
          runId
          by {
            name
          }
          reason
          at
        }
        input
        output
        steps {
          ...RunStep
        }
        tasks {
          id
          title
          subject
          status
          openedAt
          endedAt
          dueAt
          claimedBy {
            name
          }
          decidedBy {
            name
          }
          reviews {
            required
            given
            isDisputed
          }
        }
        related {
          direction
          via
          event
          run {
            id
            title
            status
            createdAt
          }
        }
        deliveries {
          consumer
          status
          error
          decidedAt
          event {
            id
            name
          }
        }
        events {
          id
          name
          payload
          emittedAt
          deliveries {
            consumer
            workflow
            status
            runId
            error
          }
        }
      }
    }
  `,
  [StepFragment],
);
export type RunDetails = NonNullable<ResultOf<typeof RunQuery>['run']>;

/** Never changes for a run, so it is asked for once. */
export const RunGraphQuery = graphql(
  `
    query RunGraph($id: ID!) {
      run(id: $id) {
        id
        graph {
          ...DrawnGraph
        }
      }
    }
  `,
  [GraphFragment],
);

export const RunChanged = graphql(`
  subscription RunChanged($id: ID!) {
    runChanged(id: $id) {
      kind
      id
    }
  }
`);

export const JournalQuery = graphql(`
  query Journal($id: ID!, $first: Int!, $after: String) {
    run(id: $id) {
      id
      journal(first: $first, after: $after) {
        edges {
          cursor
          node {
            seq
            type
            path
            iteration
            attempt
            payload
            at
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const CancelRun = graphql(`
  mutation CancelRun($id: ID!, $reason: String, $force: Boolean!) {
    cancelRun(id: $id, reason: $reason, force: $force) {
      run {
        id
        status
        cancelRequestedAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const PauseRun = graphql(`
  mutation PauseRun($id: ID!, $reason: String) {
    pauseRun(id: $id, reason: $reason) {
      run {
        id
        status
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ResumeRun = graphql(`
  mutation ResumeRun($id: ID!) {
    resumeRun(id: $id) {
      run {
        id
        status
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const RetryRun = graphql(`
  mutation RetryRun($id: ID!, $reason: String) {
    retryRun(id: $id, reason: $reason) {
      run {
        id
        status
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ResolveIncident = graphql(`
  mutation ResolveIncident(
    $id: ID!
    $path: String!
    $iteration: String!
    $attempt: Int!
    $happened: Boolean!
    $output: JSON
    $reason: String
  ) {
    resolveIncident(id: $id, path: $path, iteration: $iteration, attempt: $attempt, happened: $happened, output: $output, reason: $reason) {
      errors {
        code
        message
      }
    }
  }
`);

export const ForkRun = graphql(`
  mutation ForkRun($id: ID!, $from: NodeInput, $checkpoint: Int, $input: JSON, $reason: String) {
    forkRun(id: $id, from: $from, checkpoint: $checkpoint, input: $input, reason: $reason) {
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
