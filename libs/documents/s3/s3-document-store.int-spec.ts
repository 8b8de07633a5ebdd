import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CREDENTIALS, startS3 } from '../../../test/s3/start-s3.js';
import { documentStoreConformance } from '../conformance/document-store.conformance.js';
import { S3DocumentStore } from './s3-document-store.js';

documentStoreConformance('S3', async () => {
  const { options, close } = await startS3('documents');
  const { endpoint = '', region, bucket: Bucket } = options;
  const observer = new S3Client({ endpoint, region, credentials: CREDENTIALS, forcePathStyle: true });
  const store = new S3DocumentStore(options);
  return {
    store,
    count: async () => (await observer.send(new ListObjectsV2Command({ Bucket }))).KeyCount ?? 0,
    close: async () => {
      observer.destroy();
      await store.close();
      await close();
    },
  };
});

describe('a bucket', () => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    s3 = await startS3('documents');
  });
  afterAll(() => s3.close());

  it.each([
    ['is not there', { bucket: 'elsewhere' }, 'The S3 bucket "elsewhere" cannot be used: NoSuchBucket.'],
    [
      'is not ours',
      { credentials: { accessKeyId: 'somebody', secretAccessKey: 'a-guess' } },
      '"documents" cannot be used: InvalidAccessKeyId.',
    ],
    ['does not answer', { endpoint: 'http://127.0.0.1:1' }, 'ECONNREFUSED'],
  ] as const)('that %s is told at the start, without its secret', async (_what, change, problem) => {
    const store = new S3DocumentStore({ ...s3.options, ...change });
    const told = await store.findProblem();
    expect(told).toContain(problem);
    expect(told).not.toContain('a-guess');
    await store.close();
  });

  it('that can be used has no problem', async () => {
    const store = new S3DocumentStore(s3.options);
    expect(await store.findProblem()).toBeUndefined();
    await store.close();
  });
});
