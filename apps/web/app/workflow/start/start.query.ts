import { graphql, type ResultOf } from '../../graphql.js';

export const StartFormQuery = graphql(`
  query StartForm($name: String!) {
    workflow(name: $name) {
      name
      title
      version
      isEmitter
      inputSchema
    }
  }
`);
export type Startable = NonNullable<ResultOf<typeof StartFormQuery>['workflow']>;

export const StartRun = graphql(`
  mutation StartRun($workflow: String!, $input: JSON, $idempotencyKey: String!) {
    startRun(workflow: $workflow, input: $input, idempotencyKey: $idempotencyKey) {
      run {
        id
      }
      existing
      errors {
        code
        message
        path
      }
    }
  }
`);
