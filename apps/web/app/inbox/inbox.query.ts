import { graphql, type FragmentOf } from '../graphql.js';
import { BulkFragment } from './bulk/bulk.query.js';

export const TaskRowFragment = graphql(
  `
    fragment TaskRow on Task {
      id
      version
      workflow
      title
      subject
      status
      priority
      openedAt
      dueAt
      endedAt
      claimedBy {
        name
      }
      claimedUntil
      isMine
      isNobodyLeft
      isForOthers
      decidedBy {
        name
      }
      reviews {
        given
        isDisputed
      }
      columns {
        name
        value
        error
      }
      bulk {
        ...Bulk
      }
    }
  `,
  [BulkFragment],
);
export type TaskRow = FragmentOf<typeof TaskRowFragment>;

export const InboxQuery = graphql(
  `
    query Inbox($first: Int!, $after: String, $filter: TaskFilter, $order: TaskOrder, $timeZone: String, $view: ID) {
      inbox(first: $first, after: $after, filter: $filter, order: $order, timeZone: $timeZone, view: $view) {
        edges {
          cursor
          node {
            ...TaskRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [TaskRowFragment],
);

/** Only how many there are, up to what one page holds. */
export const InboxCountQuery = graphql(`
  query InboxCount {
    inbox(first: 100) {
      edges {
        cursor
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);

export const InboxChanged = graphql(`
  subscription InboxChanged {
    inboxChanged {
      kind
      id
    }
  }
`);
