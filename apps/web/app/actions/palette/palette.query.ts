import { graphql } from '../../graphql.js';

/** Those that wait, to look through by their words. */
export const OpenTasksQuery = graphql(`
  query PaletteTasks {
    inbox(first: 100) {
      edges {
        node {
          id
          title
          subject
        }
      }
    }
  }
`);

/** What the server finds by a key or an id. */
export const FindQuery = graphql(`
  query PaletteFind($search: String!, $id: ID!, $isId: Boolean!) {
    runs(first: 5, filter: { search: $search }) {
      edges {
        node {
          id
          title
          subject
          status
        }
      }
    }
    task(id: $id) @include(if: $isId) {
      id
      title
      subject
    }
  }
`);
