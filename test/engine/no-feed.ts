import { ChangeFeed } from '@stepwell/engine';

/** For tests in which nobody looks at live pages. */
export class NoFeed extends ChangeFeed {
  publish(): void {}
  subscribe(): () => void {
    return () => undefined;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
