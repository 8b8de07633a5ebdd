import { graphql, type FragmentOf } from '../../../graphql.js';

export const TaskHistoryFragment = graphql(`
  fragment TaskHistoryEntry on TaskHistoryEntry {
    id
    kind
    at
    details
    actor {
      name
    }
    changes
  }
`);
export type TaskHistoryEntry = FragmentOf<typeof TaskHistoryFragment>;
