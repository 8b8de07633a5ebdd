import { GraphFragment } from '../graph/graph.fragment.js';
import { graphql, type ResultOf } from '../graphql.js';

export const WorkflowQuery = graphql(
  `
    query Workflow($name: String!) {
      workflow(name: $name) {
        name
        title
        version
        isEmitter
        inputSchema
        startOn
        cancelOn
        calendar {
          id
        }
        schedule {
          id
          description
          zone
          nextFirings(first: 1)
        }
        graph {
          ...DrawnGraph
        }
        parked {
          workflow
          version
          reason
          runs
        }
        versions(first: 20) {
          version
          registeredAt
          isHosted
          isDeprecated
          canaryPercent
          migratesFrom
        }
        latestRuns(first: 8) {
          id
          version
          status
          createdAt
          endedAt
          startedBy
        }
      }
      workflows {
        name
        title
        graph {
          nodes {
            kind
            workflow
          }
        }
      }
    }
  `,
  [GraphFragment],
);
export type WorkflowDetails = NonNullable<ResultOf<typeof WorkflowQuery>['workflow']>;
export type WorkflowNeighbour = ResultOf<typeof WorkflowQuery>['workflows'][number];

/** The graphs of all versions: asked for only when another than the hosted one is looked at. */
export const VersionGraphsQuery = graphql(
  `
    query VersionGraphs($name: String!) {
      workflow(name: $name) {
        name
        versions(first: 20) {
          version
          graph {
            ...DrawnGraph
          }
        }
      }
    }
  `,
  [GraphFragment],
);
