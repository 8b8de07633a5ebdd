import { graphql, type FragmentOf, type VariablesOf } from '../../graphql.js';

const MigratedRunFragment = graphql(`
  fragment MigratedRun on MigratedRun {
    runId
    outcome
    waits
    stands
    lost
    closes
    problems
  }
`);
export type MigratedRun = FragmentOf<typeof MigratedRunFragment>;

export const MigrateRuns = graphql(
  `
    mutation MigrateRuns($workflow: String!, $from: Int!, $to: Int!, $dryRun: Boolean!, $filter: MigrationFilter, $after: ID) {
      migrateRuns(workflow: $workflow, from: $from, to: $to, dryRun: $dryRun, filter: $filter, after: $after) {
        runs {
          ...MigratedRun
        }
        endCursor
        errors {
          message
        }
      }
    }
  `,
  [MigratedRunFragment],
);
export type MigrationFilter = NonNullable<VariablesOf<typeof MigrateRuns>['filter']>;

export const UndoMigrations = graphql(
  `
    mutation UndoMigrations($runs: [ID!]!) {
      undoMigrations(runs: $runs) {
        runs {
          ...MigratedRun
        }
        errors {
          message
        }
      }
    }
  `,
  [MigratedRunFragment],
);
