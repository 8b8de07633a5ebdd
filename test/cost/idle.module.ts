/** One workflow with something for every loop of a server to ask for, and nothing of it ever due. */
import { IsIn } from 'class-validator';
import {
  emitter,
  event,
  on,
  type RecordBatch,
  type RecordSource,
  Screen,
  type ScreenHandler,
  Step,
  workflow,
  WorkflowModule,
} from '@stepwell/sdk';

class Answer {
  @IsIn(['yes', 'no'])
  verdict!: string;
}

@Screen({ id: 'idle-screen', title: 'Never asked' })
class Ask implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

@Step({ id: 'idle-source' })
class Nothing implements RecordSource<unknown, null> {
  async read(): Promise<RecordBatch<unknown, null>> {
    return { records: [], rejected: [], cursor: null, done: true };
  }
}

const asked = workflow('idle', { version: 1, startOn: [on(event('idle.asked', { external: true }), () => ({ input: null }))] })
  // A step of this queue makes the worker ask for dispatched steps, too.
  .then('elsewhere', () => 1, { queue: 'default' })
  .screen(Ask);

/** Its timer is further away than any of the times after which somebody looks. */
const later = workflow('idle-later', { version: 1 }).wait('30d');

// Due at a leap day's midnight.
const source = emitter('idle-intake', { version: 1, source: Nothing, processor: 'idle', schedule: { cron: '0 0 29 2 *', zone: 'UTC' } });

@WorkflowModule({ workflows: [asked, later, source], providers: [Ask, Nothing] })
export class IdleModule {}
