import { setTimeout as pause } from 'node:timers/promises';
import { workflow, WorkflowModule } from '@stepwell/sdk';

export interface CappedInput {
  readonly key: string;
  /** How long each of its steps works. */
  readonly ms: number;
}

/** Two of a key are at work at a time; between its steps a run waits, and leaves its place to another. */
export const paired = workflow<CappedInput>('paired', { version: 1, concurrency: { limit: 2, key: ({ key }) => key } })
  .then('one', (ctx) => pause(ctx.input.ms, 1))
  .wait('20ms')
  .then('two', (ctx) => pause(ctx.input.ms, 2));

/** One of a key is alive at a time, also while it waits. */
export const single = workflow<CappedInput>('single', { version: 1, singleton: { key: ({ key }) => key } })
  .then('one', (ctx) => pause(ctx.input.ms, 1))
  .wait('20ms')
  .then('two', (ctx) => pause(ctx.input.ms, 2));

@WorkflowModule({ workflows: [paired, single] })
export class CappedModule {}
