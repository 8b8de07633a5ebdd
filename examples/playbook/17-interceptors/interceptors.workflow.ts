import { workflow } from '@stepwell/sdk';
import { Claim } from './claim.js';
import { AuditTrail, HideTaxNumbers, Report } from './interceptors.js';
import { Decide } from './steps/decide.step.js';
import { LookUpPerson } from './steps/look-up-person.step.js';

export const interceptors = workflow('interceptors', {
  input: Claim,
  version: 1,
  title: 'Decide about a claim',
  interceptors: [HideTaxNumbers, AuditTrail, Report],
})
  .then(LookUpPerson)
  .then(Decide);
