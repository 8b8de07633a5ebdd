import { WorkflowModule } from '@stepwell/sdk';
import { Agency } from './agency.js';
import { sessions } from './sessions.workflow.js';
import { Book } from './steps/book.step.js';
import { GiveBack } from './steps/give-back.step.js';
import { Reserve } from './steps/reserve.step.js';

@WorkflowModule({
  workflows: [sessions],
  providers: [
    Reserve,
    Book,
    GiveBack,
    { provide: Agency, useFactory: () => new Agency(process.env['AGENCY_URL'] ?? 'https://agency.example') },
  ],
})
export class SessionsModule {}
