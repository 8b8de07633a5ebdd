import { graphql, type FragmentOf, type ResultOf } from '../graphql.js';

export const LedgerFragment = graphql(`
  fragment LedgerNumbers on Ledger {
    read
    rejected
    deduplicated
    queued
    running
    waiting
    paused
    completed
    failed
    canceled
    balances
  }
`);
export type LedgerNumbers = FragmentOf<typeof LedgerFragment>;

export const EmittersQuery = graphql(
  `
    query Emitters {
      emitters {
        name
        title
        processor
        ledger {
          ...LedgerNumbers
        }
        schedule {
          id
          cron
          description
          zone
          overlap
          catchUp
          nextFirings(first: 4)
          slots(first: 4) {
            dueAt
            outcome
            reason
            runId
          }
        }
        runs(first: 50) {
          run {
            id
            status
            createdAt
            endedAt
          }
          ledger {
            ...LedgerNumbers
          }
        }
        rejected(first: 20) {
          runId
          position
          reason
          excerpt
        }
      }
    }
  `,
  [LedgerFragment],
);
export type EmitterDetails = ResultOf<typeof EmittersQuery>['emitters'][number];
