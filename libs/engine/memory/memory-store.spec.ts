import { workerStoreConformance } from '../conformance/worker-store.conformance.js';
import { MemoryStore } from './memory-store.js';
import { copyOf } from './memory-rows.js';

let ids = 0;
const newId = () => `00000000-0000-7000-8000-${String(++ids).padStart(12, '0')}`;

workerStoreConformance('Memory', async () => {
  const store = new MemoryStore(() => Date.now());
  const { rows } = store;
  return {
    store,
    events: store.events,
    newId,
    insertRun: async (run) => void (await store.insertRun(run)),
    emit: async (name, payload) => {
      const about = { idempotencyKey: null, sourceRun: null, actor: null, routed: false };
      const event = { tenant: 'default', id: newId(), name, payload: copyOf(payload), emittedAt: rows.now(), ...about };
      rows.events.set(event.id, event);
      return event.id;
    },
    listen: async (event, workflow) => void rows.triggers.set(event, [{ workflow, version: 1 }]),
    run: async (id) => {
      const run = rows.runs.get(id);
      if (!run) throw new Error(`There is no run ${id}.`);
      return { status: run.status, epoch: run.epoch, worker: run.worker };
    },
    tasks: async (runId) => [...rows.tasks.values()].filter((task) => task.runId === runId).map(({ status }) => status),
    close: async () => undefined,
  };
});
