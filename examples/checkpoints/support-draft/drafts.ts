import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { OnModuleDestroy } from '@nestjs/common';

export interface Draft {
  readonly text: string;
  readonly checkpoint: string;
}

/** Answers that wait to be edited, one object each. */
export class Drafts implements OnModuleDestroy {
  private readonly s3: S3Client;

  constructor(
    private readonly bucket: string,
    config: S3ClientConfig,
  ) {
    this.s3 = new S3Client(config);
  }

  async put(runId: string, draft: Draft): Promise<void> {
    await this.s3.send(new PutObjectCommand({ ...this.place(runId), Body: JSON.stringify(draft), ContentType: 'application/json' }));
  }

  /** @throws Error named NoSuchKey when there is none */
  async get(runId: string): Promise<Draft> {
    const { Body } = await this.s3.send(new GetObjectCommand(this.place(runId)));
    return JSON.parse((await Body?.transformToString()) ?? '') as Draft;
  }

  async remove(runId: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand(this.place(runId)));
  }

  onModuleDestroy(): void {
    this.s3.destroy();
  }

  private place(runId: string) {
    return { Bucket: this.bucket, Key: `support-draft/${runId}.json` };
  }
}
