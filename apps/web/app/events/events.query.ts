import { graphql, type FragmentOf, type ResultOf } from '../graphql.js';

export const EventRowFragment = graphql(`
  fragment EventRow on Event {
    id
    name
    idempotencyKey
    emittedAt
    actor {
      name
    }
    sourceRun {
      id
      title
    }
    deliveries {
      consumer
      status
    }
  }
`);
export type EventRow = FragmentOf<typeof EventRowFragment>;

export const EventsQuery = graphql(
  `
    query Events($first: Int!, $after: String, $filter: EventFilter) {
      events(first: $first, after: $after, filter: $filter) {
        edges {
          cursor
          node {
            ...EventRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [EventRowFragment],
);

export const EventQuery = graphql(`
  query Event($id: ID!) {
    event(id: $id) {
      id
      name
      payload
      idempotencyKey
      emittedAt
      actor {
        name
      }
      sourceRun {
        id
        title
        status
      }
      hasMoreDeliveries
      deliveries {
        consumer
        workflow
        status
        attempts
        error
        decidedAt
        run {
          id
          title
          status
        }
      }
    }
  }
`);
export type EventDetails = NonNullable<ResultOf<typeof EventQuery>['event']>;

export const EmitEvent = graphql(`
  mutation EmitEvent($name: String!, $payload: JSON, $idempotencyKey: String) {
    emitEvent(name: $name, payload: $payload, idempotencyKey: $idempotencyKey) {
      event {
        id
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
