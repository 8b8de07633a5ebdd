import { graphql, type ResultOf } from '../graphql.js';

export const WorkflowListQuery = graphql(`
  query WorkflowList {
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
