import { WorkflowModule } from '@stepwell/sdk';
import { Add, awaiting, elsewhere, shared, withdrawn } from './elsewhere.workflow.js';
import { Booked, Call, Go, Never, News, Withdrawn } from './inputs.js';
import { auditing, heard, ledger, nextLedger } from './ledger.workflow.js';
import { called, capped, mixed, mixedChild, nightly, paced, single, timed, unhurried } from './mixed.workflow.js';
import { AnswerForThem, Judge, overdue, panel } from './panel.workflow.js';
import { Decide, failing, lasting, Reserve, review, signaled, Speak, Unbook } from './people.workflow.js';
import { poison } from './poison.workflow.js';
import { record, records, ReadRecords } from './records.emitter.js';

/** `2`: the next build, which has a version more of one workflow. */
export const BUILD_VARIABLE = 'STEPWELL_BUILD';

@WorkflowModule({
  workflows: [
    ...(process.env[BUILD_VARIABLE] === '2' ? [ledger, nextLedger] : [ledger]),
    ...[
      auditing,
      heard,
      review,
      signaled,
      lasting,
      failing,
      mixed,
      mixedChild,
      paced,
      unhurried,
      capped,
      single,
      called,
      elsewhere,
      awaiting,
      shared,
      withdrawn,
      panel,
      overdue,
      nightly,
      timed,
      records,
      record,
      poison,
    ],
  ],
  providers: [Add, AnswerForThem, Decide, Judge, Reserve, Speak, Unbook, ReadRecords],
  events: [Booked, Call, Go, Never, News, Withdrawn],
})
export class FaultsModule {}
