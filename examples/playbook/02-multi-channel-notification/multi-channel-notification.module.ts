import { WorkflowModule } from '@stepwell/sdk';
import { Carriers, carriersOfSettings } from './carriers.js';
import { multiChannelNotification } from './multi-channel-notification.workflow.js';
import { SendMessage } from './steps/send-message.step.js';

@WorkflowModule({
  workflows: [multiChannelNotification],
  providers: [SendMessage, { provide: Carriers, useFactory: carriersOfSettings }],
})
export class MultiChannelNotificationModule {}
