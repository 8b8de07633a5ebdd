import { graphql, type ResultOf } from '../../../graphql.js';

export const TaskSealsQuery = graphql(`
  query TaskSeals($id: ID!) {
    task(id: $id) {
      id
      seals {
        id
        number
        isVerified
        isLate
        problems
        notes
      }
    }
  }
`);
export type TaskSeal = NonNullable<ResultOf<typeof TaskSealsQuery>['task']>['seals'][number];
