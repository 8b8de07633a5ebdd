import { graphql, type ResultOf } from '../graphql.js';

export const ViewerQuery = graphql(`
  query Viewer {
    viewer {
      id
      name
      displayName
      role
      passwordIsOneTime
    }
  }
`);

export type Viewer = NonNullable<ResultOf<typeof ViewerQuery>['viewer']>;
export type Role = Viewer['role'];
