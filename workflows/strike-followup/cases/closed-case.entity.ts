import { Column, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { CaseOutcome } from './case-outcome.js';

/** A follow-up that has ended: one row per report. */
@Entity({ schema: 'strike_followup', name: 'closed_cases' })
export class ClosedCase implements CaseOutcome {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  tenant!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'report_id' })
  reportId!: string;

  @Column({ type: 'uuid', name: 'run_id' })
  runId!: string;

  @Column({ type: 'text', collation: 'C' })
  outcome!: CaseOutcome['outcome'];

  @Column({ type: 'text', collation: 'C' })
  letter!: CaseOutcome['letter'];

  @Column({ type: 'text', nullable: true })
  statement!: string;

  @Column({ type: 'text', nullable: true })
  note!: string | null;

  /** How often it was closed: 1 at the first time. */
  @Column({ type: 'int' })
  revision!: number;

  @UpdateDateColumn({ type: 'timestamptz', name: 'closed_at', default: () => 'clock_timestamp()' })
  closedAt!: Date;
}
