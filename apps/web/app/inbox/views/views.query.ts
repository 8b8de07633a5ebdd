import { graphql, type ResultOf } from '../../graphql.js';

export const InboxViewsQuery = graphql(`
  query InboxViews($timeZone: String) {
    waiting: taskCount {
      count
      isMore
    }
    overdue: taskCount(filter: { due: { is: overdue } }, timeZone: $timeZone) {
      count
      isMore
    }
    today: taskCount(filter: { due: { is: today } }, timeZone: $timeZone) {
      count
      isMore
    }
    week: taskCount(filter: { due: { is: week } }, timeZone: $timeZone) {
      count
      isMore
    }
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
/** Of the views that everybody has. */
export type GivenCounts = Pick<ResultOf<typeof InboxViewsQuery>, 'waiting' | 'overdue' | 'today' | 'week'>;

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
