import { WorkflowModule } from '@stepwell/sdk';
import { Collectors } from './collectors.js';
import { AuditTrail, HideTaxNumbers, Report } from './interceptors.js';
import { interceptors } from './interceptors.workflow.js';
import { Decide } from './steps/decide.step.js';
import { LookUpPerson } from './steps/look-up-person.step.js';

const collectorsOfSettings = () => new Collectors(process.env['COLLECTOR_URL'] ?? 'https://collector.example');

@WorkflowModule({
  workflows: [interceptors],
  providers: [LookUpPerson, Decide, HideTaxNumbers, AuditTrail, Report, { provide: Collectors, useFactory: collectorsOfSettings }],
})
export class InterceptorsModule {}
