import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error -- it ships no types
import S3rver from 's3rver';

interface Server {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
type ServerClass = new (options: object) => Server;

interface S3Server {
  readonly options: {
    readonly endpoint: string;
    readonly region: string;
    readonly bucket: string;
    readonly credentials: typeof CREDENTIALS;
  };
  readonly close: () => Promise<void>;
}

/** The only key that this server knows. */
export const CREDENTIALS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** An S3 server on a free port that keeps its objects in a folder. It knows who asks by his key, and does not check signatures of version 4. */
export async function startS3(bucket: string): Promise<S3Server> {
  const directory = mkdtempSync(join(tmpdir(), 'stepwell-s3-'));
  const server = new (S3rver as ServerClass)({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: bucket }],
  });
  const { port } = await server.run();
  return {
    options: { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', bucket, credentials: CREDENTIALS },
    close: async () => {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
