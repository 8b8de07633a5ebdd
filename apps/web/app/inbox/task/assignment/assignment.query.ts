import { graphql, type ResultOf } from '../../../graphql.js';

export const PeopleQuery = graphql(`
  query People {
    people {
      name
      displayName
      groups
      awayUntil
      substitute
    }
  }
`);
export type Person = ResultOf<typeof PeopleQuery>['people'][number];

export const ReassignTask = graphql(`
  mutation ReassignTask($id: ID!, $to: NewAssignee!, $note: String) {
    reassignTask(id: $id, to: $to, note: $note) {
      task {
        id
        version
        assignee
      }
      errors {
        message
      }
    }
  }
`);
