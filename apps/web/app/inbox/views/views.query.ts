import { graphql, type ResultOf } from '../../graphql.js';

export const InboxViewsQuery = graphql(`
  query InboxViews($timeZone: String) {
    inboxViews {
      id
      name
      owner
      isShared
      isMine
      filter
      order
      problem
      count(timeZone: $timeZone) {
        count
        isMore
      }
    }
    viewer {
      role
    }
  }
`);
export type InboxView = ResultOf<typeof InboxViewsQuery>['inboxViews'][number];

export const SaveInboxView = graphql(`
  mutation SaveInboxView($id: ID, $name: String!, $filter: TaskFilter, $order: TaskOrder, $isShared: Boolean) {
    saveInboxView(id: $id, name: $name, filter: $filter, order: $order, isShared: $isShared) {
      view {
        id
      }
      errors {
        message
      }
    }
  }
`);

export const DeleteInboxView = graphql(`
  mutation DeleteInboxView($id: ID!) {
    deleteInboxView(id: $id) {
      deleted
      errors {
        message
      }
    }
  }
`);
