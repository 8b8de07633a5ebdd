import { graphql, type ResultOf } from '../graphql.js';

export const AgreementQuery = graphql(`
  query Agreement($workflow: String, $days: Int!) {
    agreement(workflow: $workflow, days: $days) {
      workflow
      version
      screen
      title
      source
      decisions
      unchanged
      low
      high
      fields {
        path
        accepted
        changed
        added
        cleared
      }
      byConfidence {
        from
        to
        values
        accepted
      }
      proposal {
        words
        code
      }
    }
  }
`);

export type ScreenAgreement = ResultOf<typeof AgreementQuery>['agreement'][number];
