import type { S3Client } from '@aws-sdk/client-s3';
import type { DocumentKey } from '@stepwell/storage';
import { Readable } from 'node:stream';
import { DocumentStore } from '../document-store.port.js';

export interface S3Options {
  /** Of a server other than Amazon's, such as `http://minio.example:9000`; its buckets are then paths. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** It has to be there. */
  readonly bucket: string;
  /** `undefined` where the machine's own role or profile has them. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** What S3 takes as the smallest part; one is on its way while the next gathers. */
const PART_BYTES = 5 * 1024 * 1024;

/** Documents as objects of a bucket, under `tenant/id`. The client is loaded only where it is used. */
export class S3DocumentStore extends DocumentStore {
  private client: Promise<S3Client> | undefined;

  constructor(private readonly options: S3Options) {
    super();
  }

  async write(key: DocumentKey, content: AsyncIterable<Buffer>): Promise<void> {
    const [client, { Upload }] = await Promise.all([this.open(), import('@aws-sdk/lib-storage')]);
    const source = new Source(content);
    const params = {
      ...this.place(key),
      Body: Readable.from(source.parts(), { objectMode: false }),
      ContentType: 'application/octet-stream',
    };
    try {
      // What it sent for nothing it removes itself, where the server can do that.
      await new Upload({ client, params, partSize: PART_BYTES, queueSize: 1 }).done();
    } catch (error) {
      throw source.failure ?? error;
    }
  }

  async *read(key: DocumentKey): AsyncGenerator<Buffer, void, undefined> {
    const [client, { GetObjectCommand }] = await Promise.all([this.open(), import('@aws-sdk/client-s3')]);
    const { Body } = await client.send(new GetObjectCommand(this.place(key)));
    yield* Body as Readable as AsyncIterable<Buffer>;
  }

  async remove(key: DocumentKey): Promise<void> {
    const [client, { DeleteObjectCommand }] = await Promise.all([this.open(), import('@aws-sdk/client-s3')]);
    await client.send(new DeleteObjectCommand(this.place(key)));
  }

  /** @returns why the bucket cannot be used, in words without secrets; `undefined` when it can */
  async findProblem(): Promise<string | undefined> {
    const [client, { ListObjectsV2Command }] = await Promise.all([this.open(), import('@aws-sdk/client-s3')]);
    try {
      await client.send(new ListObjectsV2Command({ Bucket: this.options.bucket, MaxKeys: 1 }));
      return undefined;
    } catch (error) {
      // The server's word for it; what the network says has none.
      const { name, message } = error as Error;
      return `The S3 bucket "${this.options.bucket}" cannot be used: ${name === 'Error' ? message : name}.`;
    }
  }

  async close(): Promise<void> {
    (await this.client)?.destroy();
  }

  private open(): Promise<S3Client> {
    return (this.client ??= this.create());
  }

  private async create(): Promise<S3Client> {
    const { S3Client: Client } = await import('@aws-sdk/client-s3');
    const { endpoint, region, credentials } = this.options;
    return new Client({
      region,
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(credentials === undefined ? {} : { credentials }),
      // Not every server that speaks S3 knows the newer checksums; the document's own SHA-256 is in its row.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  private place({ tenant, id }: DocumentKey): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.options.bucket, Key: `${encodeURIComponent(tenant)}/${id}` };
  }
}

/** Remembers what broke the source, whatever the upload makes of it. */
class Source {
  failure: unknown;

  constructor(private readonly content: AsyncIterable<Buffer>) {}

  async *parts(): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* this.content;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}
