// BullMQ on a Redis of its own, which syncs its log at each write, as Postgres does. Steps that follow each other, and children, are flows; a
// timer is a delayed job. A job does not wait for anybody; the nearest thing is a delayed job that is promoted, and it is one step.

/** Found by trial on two cores. */
const CONCURRENCY = 100;
const ADD_BATCH = 500;
const AN_HOUR_MS = 3_600_000;

export default {
  name: 'bullmq',
  title: 'BullMQ',
  package: 'bullmq',
  service: 'redis',
  leavesOut: 'jobs in Redis, not in your database and not in its commits: no run, no journal; a wait is a delayed job; no people',
  doesLess: { all: 'jobs in Redis', resume: 'a delayed job', 'bulk-resume': 'delayed jobs', memory: 'delayed jobs' },
  cannot: { screen: 'no people', passOver: 'one mode only', lists: 'no pages of its own', tenants: 'not asked', existing: 'not asked' },
  atMost: { 'three-steps': 10_000, emitter: 50_000 },
  open,
};

async function open({ redisPort }) {
  const { FlowProducer, Queue, Worker } = await import('bullmq');
  const connection = { host: '127.0.0.1', port: redisPort, maxRetriesPerRequest: null };
  const queue = new Queue('bench', { connection });
  const flows = new FlowProducer({ connection });
  const ends = new Map();
  const fired = new Map();
  let completed = 0;
  const worker = new Worker(
    'bench',
    async (job) => {
      if (job.name === 'timer') fired.get(job.id)(Date.now());
      return job.name === 'carry' ? job.data : { ok: true };
    },
    { connection, concurrency: CONCURRENCY },
  );
  worker.on('error', (error) => console.error(error));
  worker.on('completed', ({ id }) => {
    completed++;
    ends.get(id)?.();
    ends.delete(id);
  });
  await worker.waitUntilReady();
  const newJob = () => {
    const jobId = crypto.randomUUID();
    return { jobId, end: new Promise((resolve) => ends.set(jobId, resolve)) };
  };
  const node = (name, more = {}) => ({ name, queueName: 'bench', data: { i: 1 }, ...more });
  const add = async (name, data, options = {}) => {
    const { jobId, end } = newJob();
    const job = await queue.add(name, data, { jobId, ...options });
    return { job, end };
  };
  return {
    run: async (steps) => {
      if (steps === 1) return (await add('step', { i: 1 })).end;
      const { jobId, end } = newJob();
      let flow = node('step');
      for (let n = 2; n <= steps; n++) flow = node('step', { children: [flow], ...(n === steps ? { opts: { jobId } } : {}) });
      await flows.add(flow);
      await end;
    },
    carry: async (payload) => (await add('carry', payload)).end,
    emit: async (records) => {
      const before = completed;
      for (let from = 0; from < records; from += ADD_BATCH) {
        const size = Math.min(ADD_BATCH, records - from);
        await queue.addBulk(Array.from({ length: size }, (_, i) => ({ name: 'step', data: { i: from + i } })));
      }
      while (completed - before < records) await new Promise((resolve) => setTimeout(resolve, 2));
    },
    fanOut: async (children) => {
      const { jobId, end } = newJob();
      await flows.add(node('parent', { opts: { jobId }, children: Array.from({ length: children }, () => node('step')) }));
      await end;
    },
    wait: async () => {
      const { job, end } = await add('step', { i: 1 }, { delay: AN_HOUR_MS });
      return async () => {
        await job.promote();
        await end;
      };
    },
    timer: async (due, onFired) => {
      const { jobId, end } = newJob();
      fired.set(jobId, onFired);
      await queue.add('timer', { due }, { jobId, delay: Math.max(0, due - Date.now()) });
      return { end };
    },
    verify: async ({ steps, waits = 0, parents = 0, waiting = 0 }) => {
      const jobs = steps - waits - waiting + parents;
      const [stored, delayed] = [await queue.getCompletedCount(), await queue.getDelayedCount()];
      if (completed !== jobs || stored !== jobs || delayed !== waiting)
        throw new Error(
          `Expected ${jobs} completed jobs and ${waiting} delayed ones, found ${completed}, in Redis ${stored} and ${delayed}.`,
        );
    },
    close: async () => {
      await worker.close();
      await flows.close();
      await queue.close();
    },
  };
}
