/** Parents and children: the first run is the parent, and the second its child. */
import { deliverOutbox, flush } from '@stepwell/storage';
import type { Script } from '../script.js';
import { commitOf, type Flushed } from './flush.scripts.js';

const CONTINUE = { kind: 'continue' } as const;

/** The keys of the ends that the child tells of, beside its own. */
export const ENDS = ['child:1', 'child:2'] as const;

/** A parent starts a child that is leased to a worker at once. */
export const bearChild: Script<Flushed> = {
  name: 'flush that starts a leased child',
  covers: [],
  worlds: [],
  run: (session, world) => {
    const { workflow, queue, newRuns, workers } = world;
    const about = { workflow, version: 1, queue, input: null, isAwaited: true, priority: 0, permitKey: null };
    const child = { ...about, id: newRuns[session.side], worker: workers[session.side] };
    return session.transaction((sql) => flush(sql, [{ ...commitOf(world, 0, session.side, CONTINUE), children: [child] }]));
  },
};

/** Two children end in one flush; their parent is told of it after that commit. */
export const endChildrenThenTell: Script<Flushed> = {
  name: 'flush that ends two children, then deliver-outbox',
  covers: [],
  worlds: [],
  run: async (session, world) => {
    const messages = ENDS.map((dedupeKey) => {
      return { runId: world.runs[0].id, kind: 'child.ended', dedupeKey, payload: { childId: dedupeKey }, atEnd: false } as const;
    });
    const flushed = await session.transaction((sql) => flush(sql, [{ ...commitOf(world, 1, session.side, CONTINUE), messages }]));
    await session.transaction((sql) => deliverOutbox(sql));
    return flushed;
  },
};

/** The parent has nothing to do but to wait for its children. */
export const awaitChildren: Script<Flushed> = {
  name: 'flush that waits for children',
  covers: [],
  worlds: [],
  run: (session, world) => {
    const wait = { kind: 'release', reasons: ['child'], dueAt: null, errorCode: null, errorMessage: null } as const;
    return session.transaction((sql) => flush(sql, [commitOf(world, 0, session.side, wait)]));
  },
};
