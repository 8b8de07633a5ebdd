import { graphql, type FragmentOf } from '../graphql.js';

export const RunRowFragment = graphql(`
  fragment RunRow on Run {
    id
    workflow
    title
    version
    status
    waitReasons
    dueAt
    createdAt
    endedAt
    startedBy
    errorMessage
  }
`);
export type RunRow = FragmentOf<typeof RunRowFragment>;

export const RunsQuery = graphql(
  `
    query Runs($first: Int!, $after: String, $filter: RunFilter) {
      runs(first: $first, after: $after, filter: $filter) {
        edges {
          cursor
          node {
            ...RunRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [RunRowFragment],
);

export const RunsChanged = graphql(`
  subscription RunsChanged {
    runsChanged {
      kind
      id
    }
  }
`);
