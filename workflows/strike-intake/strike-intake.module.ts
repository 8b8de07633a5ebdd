import { WorkflowModule } from '@stepwell/sdk';
import { ReadStrikeReports } from './steps/read-strike-reports.step.js';
import { strikeIntake } from './strike-intake.emitter.js';

@WorkflowModule({ workflows: [strikeIntake], providers: [ReadStrikeReports] })
export class StrikeIntakeModule {}
