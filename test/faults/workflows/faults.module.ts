import { WorkflowModule } from '@stepwell/sdk';
import { Booked, Call, Go, Never, News } from './inputs.js';
import { auditing, heard, ledger, nextLedger } from './ledger.workflow.js';
import { called, capped, mixed, mixedChild, nightly, paced, single, timed, unhurried } from './mixed.workflow.js';
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
      nightly,
      timed,
      records,
      record,
      poison,
    ],
  ],
  providers: [Decide, Reserve, Speak, Unbook, ReadRecords],
  events: [Booked, Call, Go, Never, News],
})
export class FaultsModule {}
