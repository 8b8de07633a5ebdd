import { WorkflowModule } from '@stepwell/sdk';
import { Desk } from './desk.js';
import { Drafts } from './drafts.js';
import { StopBeforeSending } from './stop-before-sending.js';
import { supportDraft } from './support-draft.workflow.js';

const draftsOfSettings = () =>
  new Drafts(process.env['DRAFTS_BUCKET'] ?? 'drafts', { region: process.env['DRAFTS_REGION'] ?? 'us-east-1' });

@WorkflowModule({ workflows: [supportDraft], providers: [Desk, StopBeforeSending, { provide: Drafts, useFactory: draftsOfSettings }] })
export class SupportDraftModule {}
