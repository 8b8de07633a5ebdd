import { graphql, type FragmentOf, type ResultOf } from '../graphql.js';
import { RunRowFragment } from '../runs/runs.query.js';

export const SessionRowFragment = graphql(`
  fragment SessionRow on Session {
    name
    state
    version
    expiresAt
    createdAt
    createdBy {
      name
    }
    runs {
      total
      live
    }
  }
`);
export type SessionRow = FragmentOf<typeof SessionRowFragment>;

export const SessionsQuery = graphql(
  `
    query Sessions($first: Int!, $after: String, $filter: SessionFilter) {
      sessions(first: $first, after: $after, filter: $filter) {
        edges {
          cursor
          node {
            ...SessionRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [SessionRowFragment],
);

/** A session with its newest runs. */
export const SessionQuery = graphql(
  `
    query Session($name: String!) {
      session(name: $name) {
        ...SessionRow
        data
      }
      runs(first: 20, filter: { session: $name }) {
        edges {
          node {
            ...RunRow
          }
        }
      }
    }
  `,
  [SessionRowFragment, RunRowFragment],
);
export type SessionDetails = NonNullable<ResultOf<typeof SessionQuery>['session']>;
export type SessionRun = ResultOf<typeof SessionQuery>['runs']['edges'][number]['node'];

export const PauseSession = graphql(`
  mutation PauseSession($name: String!) {
    done: pauseSession(name: $name) {
      errors {
        message
      }
    }
  }
`);

export const ResumeSession = graphql(`
  mutation ResumeSession($name: String!) {
    done: resumeSession(name: $name) {
      errors {
        message
      }
    }
  }
`);

export const CompleteSession = graphql(`
  mutation CompleteSession($name: String!, $cancelRuns: Boolean!, $reason: String) {
    completeSession(name: $name, cancelRuns: $cancelRuns, reason: $reason) {
      canceledRuns
      errors {
        message
      }
    }
  }
`);
