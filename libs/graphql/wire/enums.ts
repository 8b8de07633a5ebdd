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

export const TaskOrder = { priority: 'priority', due: 'due', opened: 'opened', newest: 'newest' } as const;
export type TaskOrder = (typeof TaskOrder)[keyof typeof TaskOrder];

export const TaskWindow = { overdue: 'overdue', today: 'today', week: 'week', none: 'none' } as const;
export type TaskWindow = (typeof TaskWindow)[keyof typeof TaskWindow];

for (const [name, values] of Object.entries({ RunStatus, AttemptStatus, TaskStatus, Role, DeliveryStatus, TaskOrder, TaskWindow }))
  registerEnumType(values, { name });
export { AttemptStatus, Role, RunStatus, TaskStatus };
