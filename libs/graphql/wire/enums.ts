import { registerEnumType } from '@nestjs/graphql';
import { AttemptStatus, Role, RunStatus, TaskStatus } from '@stepwell/contracts';

export const DeliveryStatus = {
  pending: 'pending',
  started: 'started',
  declined: 'declined',
  duplicate: 'duplicate',
  failed: 'failed',
  delivered: 'delivered',
  woke: 'woke',
  canceled: 'canceled',
} as const;
export type DeliveryStatus = (typeof DeliveryStatus)[keyof typeof DeliveryStatus];

for (const [name, values] of Object.entries({ RunStatus, AttemptStatus, TaskStatus, Role, DeliveryStatus }))
  registerEnumType(values, { name });
export { AttemptStatus, Role, RunStatus, TaskStatus };
