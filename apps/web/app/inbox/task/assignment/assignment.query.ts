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
