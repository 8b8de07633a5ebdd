import { graphql, type ResultOf } from '../graphql.js';

export const WorkflowListQuery = graphql(`
  query WorkflowList {
    parkedVersions {
      workflow
      version
      reason
      runs
    }
    workflows {
      name
      title
      version
      startOn
      schedule {
        id
        description
      }
      graph {
        nodes {
          kind
          workflow
        }
      }
      latestRuns(first: 12) {
        id
        status
        createdAt
      }
    }
  }
`);
export type WorkflowListed = ResultOf<typeof WorkflowListQuery>['workflows'][number];
export type WorkflowsParked = ResultOf<typeof WorkflowListQuery>['parkedVersions'][number];
