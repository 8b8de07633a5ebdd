import { Injectable } from '@nestjs/common';
import { StepwellClient } from '@stepwell/sdk';
import { DataSource } from 'typeorm';

/** A module that is hosted makes it in a migration. */
export const REVIEWS_TABLE = `
  CREATE SCHEMA content_review;
  CREATE TABLE content_review.reviews (run_id uuid PRIMARY KEY, draft text NOT NULL, checkpoint text NOT NULL);`;

/** Drafts that wait for somebody to read them. */
@Injectable()
export class Reviews {
  constructor(
    private readonly dataSource: DataSource,
    private readonly client: StepwellClient,
  ) {}

  /** Once more changes nothing but the text, and one of both is as good as the other. */
  async open(runId: string, draft: string, checkpoint: string): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO content_review.reviews VALUES ($1, $2, $3) ON CONFLICT (run_id) DO UPDATE SET checkpoint = excluded.checkpoint`,
      [runId, draft, checkpoint],
    );
  }

  /** The row goes when the run has been told, so that an approval that breaks off can be repeated. */
  async approve(runId: string, comment: string): Promise<void> {
    const [row] = await this.dataSource.query<{ checkpoint: string }[]>('SELECT checkpoint FROM content_review.reviews WHERE run_id = $1', [
      runId,
    ]);
    if (!row) throw new Error(`Nothing of run ${runId} waits for a review.`);
    await this.client.runCheckpoint(row.checkpoint, { overrideData: { comment } });
    await this.dataSource.query('DELETE FROM content_review.reviews WHERE run_id = $1', [runId]);
  }
}
