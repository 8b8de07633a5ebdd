import { StepwellError } from '@stepwell/contracts';

/** As a worker's STEPWELL_QUEUES may name it. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** @throws StepwellError OPTION_INVALID for what no worker could serve */
export function queueName(name: string | undefined, where: string): string | null {
  if (name === undefined) return null;
  if (typeof name === 'string' && NAME.test(name)) return name;
  const reason = `it is ${JSON.stringify(name)}; a queue's name has up to 64 letters, digits, "-" and "_".`;
  throw new StepwellError('OPTION_INVALID', { where: `${where}, queue`, reason });
}
