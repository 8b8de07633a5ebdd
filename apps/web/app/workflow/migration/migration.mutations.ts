import { graphql, type ResultOf } from '../../graphql.js';

export const MigrateRuns = graphql(`
  mutation MigrateRuns($workflow: String!, $from: Int!, $to: Int!, $dryRun: Boolean!, $filter: MigrationFilter) {
    migrateRuns(workflow: $workflow, from: $from, to: $to, dryRun: $dryRun, filter: $filter) {
      runs {
        runId
        outcome
        stands
        lost
        closes
        problems
      }
      hasMore
      errors {
        message
      }
    }
  }
`);
export type MigratedRun = ResultOf<typeof MigrateRuns>['migrateRuns']['runs'][number];

export const UndoMigrations = graphql(`
  mutation UndoMigrations($runs: [ID!]!) {
    undoMigrations(runs: $runs) {
      runs {
        runId
        outcome
        stands
        lost
        closes
        problems
      }
      errors {
        message
      }
    }
  }
`);
