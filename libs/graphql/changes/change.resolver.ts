import { Args, ID, Resolver, Subscription } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { type Change, ChangeFeed } from '@stepwell/engine';
import { CurrentViewer } from '../wire/graphql-context.js';
import { ChangeObject } from './change.object.js';
import { ChangeStream } from './change-stream.js';

/** A run that one looks at: as fast as the eye follows. */
const RUN_GAP_MS = 100;
/** A list: each hint makes the page ask for a whole page of rows. */
const LIST_GAP_MS = 250;

/** The stream's items are what is told; graphql-js would look for a property named as the field. */
const resolve = (change: ChangeObject): ChangeObject => change;

@Resolver()
@Policy('reviewer')
export class ChangeResolver {
  constructor(private readonly feed: ChangeFeed) {}

  @Subscription(() => ChangeObject, { resolve, description: 'This run, its steps or its tasks changed.' })
  runChanged(@CurrentViewer() { tenant }: Viewer, @Args('id', { type: () => ID }) id: string): ChangeStream {
    return this.stream(tenant, (change) => change.kind === 'run' && change.id === id, RUN_GAP_MS);
  }

  @Subscription(() => ChangeObject, { resolve, description: 'Any run changed; coalesced.' })
  runsChanged(@CurrentViewer() { tenant }: Viewer): ChangeStream {
    return this.stream(tenant, (change) => change.kind === 'run', LIST_GAP_MS);
  }

  @Subscription(() => ChangeObject, { resolve, description: 'Some task was opened, claimed, decided; coalesced.' })
  inboxChanged(@CurrentViewer() { tenant }: Viewer): ChangeStream {
    return this.stream(tenant, (change) => change.kind === 'task', LIST_GAP_MS);
  }

  private stream(tenant: string, isWanted: (change: Change) => boolean, gapMs: number): ChangeStream {
    return new ChangeStream({ feed: this.feed, isWanted: (change) => change.tenant === tenant && isWanted(change), gapMs });
  }
}
