import { graphql, type FragmentOf } from '../graphql.js';

export const RunRowFragment = graphql(`
  fragment RunRow on Run {
    id
    workflow
    title
    status
    waitReasons
    dueAt
    createdAt
    endedAt
    startedBy
    errorMessage
    subject
    isQuiet
    columns {
      name
      value
      error
    }
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

/** Asked by itself, after the rows: to count takes longer than to show. */
export const RunCountQuery = graphql(`
  query RunCount($filter: RunFilter) {
    runs(first: 1, filter: $filter) {
      totalCount
    }
  }
`);

export const RunsChanged = graphql(`
  subscription RunsChanged {
    runsChanged {
      kind
      id
    }
  }
`);
