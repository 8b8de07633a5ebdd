import { WorkflowModule } from '@stepwell/sdk';
import { Booked, Go, Never, News } from './inputs.js';
import { auditing, heard, ledger, nextLedger } from './ledger.workflow.js';
import { capped, mixed, mixedChild, paced, single, timed } from './mixed.workflow.js';
import { Decide, failing, lasting, Reserve, review, signaled, Unbook } from './people.workflow.js';
import { poison } from './poison.workflow.js';
import { record, records, ReadRecords } from './records.emitter.js';

/** `2`: the next build, which has a version more of one workflow. */
export const BUILD_VARIABLE = 'STEPWELL_BUILD';

@WorkflowModule({
  workflows: [
    ...(process.env[BUILD_VARIABLE] === '2' ? [ledger, nextLedger] : [ledger]),
    ...[auditing, heard, review, signaled, lasting, failing, mixed, mixedChild, paced, capped, single, timed, records, record, poison],
  ],
  providers: [Decide, Reserve, Unbook, ReadRecords],
  events: [Booked, Go, Never, News],
})
export class FaultsModule {}
