/**
 * The worker processes beside a server that accepts (`STEPWELL_WORKERS`). They are its children, because it alone knows the database when
 * that is the embedded one, and stops it last. Whoever is left alone by a server that died drains by itself: its channel closes.
 */
import { WorkerPlace } from './worker-place.js';
import { WorkerProcess, type WorkerSettings } from './worker-process.js';

export interface FleetOptions {
  readonly size: number;
  /** The compiled `worker.js`. */
  readonly entry: string;
  readonly settings: WorkerSettings;
  readonly warn: (line: string) => void;
}

export class Fleet {
  private readonly places: readonly WorkerPlace[];
  private renewal: Promise<void> | undefined;

  constructor({ size, entry, settings, warn }: FleetOptions) {
    this.places = Array.from({ length: size }, (_, index) => {
      const name = `worker ${index + 1}`;
      return new WorkerPlace(name, { begin: () => new WorkerProcess(name, entry, settings), warn });
    });
  }

  get size(): number {
    return this.places.length;
  }

  /** How many take work. */
  get serving(): number {
    return this.places.filter(({ isServing }) => isServing).length;
  }

  /** Resolves when each takes work, or has ended once before it did. */
  async start(): Promise<void> {
    await Promise.all(this.places.map((place) => place.start()));
  }

  /** Drains them all, side by side. */
  async stop(): Promise<void> {
    await Promise.all(this.places.map((place) => place.stop()));
  }

  /** Restarts one after the other, so that the others take its work meanwhile. A call during a renewal is that renewal. */
  renew(): Promise<void> {
    return (this.renewal ??= this.renewAll().finally(() => (this.renewal = undefined)));
  }

  /** At once, for a process that ends now. */
  kill(): void {
    for (const place of this.places) place.kill();
  }

  private async renewAll(): Promise<void> {
    for (const place of this.places) await place.renew();
  }
}
