import { graphql, type FragmentOf } from '../graphql.js';

/** All that a drawing needs of a graph. */
export const GraphFragment = graphql(`
  fragment DrawnGraph on WorkflowGraph {
    nodes {
      path
      id
      kind
      label
      parent
      branch
      branches {
        segment
        label
        repeats
      }
      mayTakeNone
      handler
      event
      workflow
      options
    }
    edges {
      from
      to
      branch
    }
  }
`);
export type DrawnGraph = FragmentOf<typeof GraphFragment>;
export type DrawnNode = DrawnGraph['nodes'][number];
