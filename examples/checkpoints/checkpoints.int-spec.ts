/** The four examples, each with the store that it is about: PostgreSQL, Redis, an S3 server, BullMQ. */
import { type RunUnderTest, testKit, type TestKit } from '@stepwell/sdk/testing';
import type { Worker } from 'bullmq';
import type { DataSource } from 'typeorm';
import { describeWithRedis } from '../../test/redis/describe-with-redis.js';
import { RedisServer } from '../../test/redis/redis-server.js';
import { startS3 } from '../../test/s3/start-s3.js';
import { ContentReviewModule } from './content-review/content-review.module.js';
import { contentReview } from './content-review/content-review.workflow.js';
import { Reviews, REVIEWS_TABLE } from './content-review/reviews.js';
import { ChangeInspector, type ChangeJob, ChangeJobs } from './data-change/change-jobs.js';
import { DataChangeModule } from './data-change/data-change.module.js';
import { dataChange } from './data-change/data-change.workflow.js';
import { Approvals } from './payment-approval/approvals.js';
import { Cashier } from './payment-approval/cashier.js';
import { PaymentApprovalModule } from './payment-approval/payment-approval.module.js';
import { paymentApproval } from './payment-approval/payment-approval.workflow.js';
import { Desk } from './support-draft/desk.js';
import { Drafts } from './support-draft/drafts.js';
import { SupportDraftModule } from './support-draft/support-draft.module.js';
import { supportDraft } from './support-draft/support-draft.workflow.js';

let t: TestKit;
const kit = async (options: Omit<Parameters<typeof testKit>[0], 'store'>) => (t = await testKit({ ...options, store: 'postgres' }));
const steps = async (run: RunUnderTest) => (await run.journal()).flatMap(({ type, path }) => (type === 'step.completed' ? [path] : []));

describe('content review, with the checkpoint in a table', () => {
  let dataSource: DataSource;
  beforeAll(async () => {
    await kit({ workflows: [ContentReviewModule] });
    dataSource = t.dataSource as DataSource;
    await dataSource.query(REVIEWS_TABLE);
  });
  afterAll(() => t.close());

  it('waits for a review, and is published with the comment; nothing is written twice', async () => {
    const reviews = new Reviews(dataSource, t.client);
    const run = await t.start(contentReview, { topic: 'bees' });
    expect([await run.waitsFor(), await run.context()]).toMatchObject([['checkpoint'], { outputs: [{ path: 'write' }] }]);
    await t.crash();
    await expect(reviews.approve(run.id, 7 as never)).rejects.toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: 'comment' }] });
    await reviews.approve(run.id, 'Fine, but shorter next time');
    await t.advance('1s');
    expect(await run.output()).toEqual({ text: 'All about bees.', comment: 'Fine, but shorter next time' });
    expect(await steps(run)).toEqual(['write', 'publish']);
    await expect(reviews.approve(run.id, 'again')).rejects.toThrow('waits for a review');
  });

  it('is approved by one of two editors who press at once', async () => {
    const reviews = new Reviews(dataSource, t.client);
    const run = await t.start(contentReview, { topic: 'wasps' });
    const outcomes = await Promise.allSettled([reviews.approve(run.id, 'mine'), reviews.approve(run.id, 'mine')]);
    await t.advance('1s');
    expect([outcomes.map(({ status }) => status).sort(), await run.output()]).toMatchObject([
      ['fulfilled', 'rejected'],
      { comment: 'mine' },
    ]);
  });
});

describe('support draft, with the checkpoint in an object store', () => {
  let drafts: Drafts;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const { options, close: closeS3 } = await startS3('drafts');
    const { bucket, ...where } = options;
    drafts = new Drafts(bucket, { ...where, forcePathStyle: true });
    close = closeS3;
    await kit({ workflows: [SupportDraftModule], providers: [{ provide: Drafts, useValue: drafts }] });
  });
  afterAll(async () => {
    await t.close();
    drafts.onModuleDestroy();
    await close();
  });

  it('sends the draft as a person has edited it, and remembers what was drafted', async () => {
    const run = await t.start(supportDraft, { customer: 'Ada', text: 'opening hours' });
    await new Desk(drafts, t.client).send(run.id, (text) => text.replace('Dear', 'Hello'));
    await t.advance('1s');
    expect(await run.output()).toEqual({ sent: 'Hello Ada, thank you for asking about "opening hours".' });
    expect((await run.context()).outputs[0]?.output).toBe('Dear Ada, thank you for asking about "opening hours".');
    await expect(drafts.get(run.id)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describeWithRedis('with Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.stop());

  describe('payment above a threshold, with the checkpoint in Redis for a day', () => {
    let approvals: Approvals;
    beforeAll(async () => {
      approvals = new Approvals(redis.url);
      await kit({ workflows: [PaymentApprovalModule], providers: [{ provide: Approvals, useValue: approvals }] });
    });
    afterAll(async () => {
      await t.close();
      approvals.onModuleDestroy();
    });

    it('pays a small one at once, and a large one when it was approved, with the time of that', async () => {
      const small = await t.start(paymentApproval, { invoice: 'S', cents: 500 });
      expect(await small.output()).toEqual({ paid: 500, approvedAt: null });
      const large = await t.start(paymentApproval, { invoice: 'L', cents: 120_000 });
      expect(await redis.client.ttl(`payment-approval:${large.id}`)).toBeGreaterThan(86_000);
      await new Cashier(approvals, t.client).approve(large.id, new Date('2026-11-28T09:00:00Z'));
      await t.advance('1s');
      expect(await large.output()).toEqual({ paid: 120_000, approvedAt: '2026-11-28T09:00:00.000Z' });
    });

    it('pays nothing when the permission is over, and the run can say that it waits', async () => {
      const run = await t.start(paymentApproval, { invoice: 'L', cents: 120_000 });
      await redis.client.pexpireat(`payment-approval:${run.id}`, 1);
      await expect(new Cashier(approvals, t.client).approve(run.id, new Date())).rejects.toThrow('is over; its run waits');
      expect([await run.waitsFor(), await steps(run)]).toEqual([['checkpoint'], ['assess']]);
    });
  });

  describe('data change, with the checkpoint in a job of BullMQ', () => {
    let jobs: ChangeJobs;
    let worker: Worker<ChangeJob> | undefined;
    beforeAll(async () => {
      jobs = new ChangeJobs({ url: redis.url });
      await kit({ workflows: [DataChangeModule], providers: [{ provide: ChangeJobs, useValue: jobs }] });
    });
    afterAll(async () => {
      await worker?.close();
      await t.close();
      await jobs.onModuleDestroy();
    });

    it('deletes many rows when the inspector of the jobs lets it, once, though the job is done twice', async () => {
      const small = await t.start(dataChange, { table: 'visits', from: 960 });
      expect(await small.output()).toEqual({ deleted: 40, table: 'visits' });
      const large = await t.start(dataChange, { table: 'visits', from: 100 });
      expect(await large.waitsFor()).toEqual(['checkpoint']);
      const seen: number[] = [];
      worker = new ChangeInspector(jobs, t.client).start(({ rows }) => seen.push(rows) > 0);
      const { data } = await completed(worker);
      await t.advance('1s');
      expect([seen, await large.output(), await steps(large)]).toEqual([[900], { deleted: 900, table: 'visits' }, ['count', 'delete']]);
      const again = completed(worker);
      await jobs.add({ ...data, runId: `${data.runId} again` });
      expect(await again).toMatchObject({ data: { runId: `${data.runId} again` } });
    });
  });
});

function completed(worker: Worker<ChangeJob>) {
  return new Promise<{ readonly data: ChangeJob }>((resolve, reject) => {
    worker.once('completed', resolve);
    worker.once('failed', (_job, error) => reject(error));
  });
}
