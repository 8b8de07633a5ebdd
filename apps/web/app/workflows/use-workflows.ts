import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../graphql.js';

const WorkflowsQuery = graphql(`
  query Workflows {
    workflows {
      name
      title
      isEmitter
      columns
    }
  }
`);

export type WorkflowName = ResultOf<typeof WorkflowsQuery>['workflows'][number];
const NONE: readonly WorkflowName[] = [];

/** The hosted workflows, for filters. They change with a deploy only, so the cache will do. */
export function useWorkflows(): readonly WorkflowName[] {
  const [{ data }] = useQuery({ query: WorkflowsQuery });
  return data?.workflows ?? NONE;
}
