import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
// @ts-expect-error -- it ships no types
import S3rver from 's3rver';
import { documentStoreConformance } from '../conformance/document-store.conformance.js';
import { S3DocumentStore, type S3Options } from './s3-document-store.js';

interface Server {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
type ServerClass = new (options: object) => Server;

/** The only key that this server knows. */
const CREDENTIALS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** An S3 server on a free port that keeps its objects in a folder. It knows who asks by his key, and does not check signatures of version 4. */
async function startS3(): Promise<{ options: S3Options; close: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'stepwell-s3-'));
  const server = new (S3rver as ServerClass)({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'documents' }],
  });
  const { port } = await server.run();
  return {
    options: { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', bucket: 'documents', credentials: CREDENTIALS },
    close: async () => {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

documentStoreConformance('S3', async () => {
  const { options, close } = await startS3();
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
    s3 = await startS3();
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
