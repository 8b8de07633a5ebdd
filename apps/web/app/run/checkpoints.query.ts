import { graphql } from '../graphql.js';

export const CheckpointsQuery = graphql(`
  query Checkpoints($id: ID!, $first: Int!, $after: String) {
    run(id: $id) {
      id
      checkpoints(first: $first, after: $after) {
        edges {
          cursor
          node {
            seq
            type
            path
            iteration
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

export const CheckpointDiffQuery = graphql(`
  query CheckpointDiff($runId: ID!, $from: Int!, $to: Int!) {
    checkpointDiff(runId: $runId, from: $from, to: $to) {
      changes {
        what
        path
        iteration
        kind
        before
        after
      }
    }
  }
`);

export const PruneCheckpoints = graphql(`
  mutation PruneCheckpoints($id: ID!, $before: Int!) {
    pruneCheckpoints(id: $id, before: $before) {
      pruned
      errors {
        code
        message
      }
    }
  }
`);

export const ExportCheckpoint = graphql(`
  mutation ExportCheckpoint($id: ID!, $seq: Int!) {
    exportCheckpoint(runId: $id, seq: $seq) {
      checkpoint
      errors {
        message
      }
    }
  }
`);

/** The run itself goes on, and no other one: who was slower than somebody else is told so. */
export const LiftStop = graphql(`
  mutation LiftStop($checkpoint: String!, $reason: String) {
    runCheckpoint(checkpoint: $checkpoint, reason: $reason, itself: true) {
      run {
        id
        status
      }
      errors {
        message
      }
    }
  }
`);
