import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A tool that somebody has. */
@Entity({ schema: 'tool_loans', name: 'loans' })
export class ToolLoan {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  tenant!: string;

  @PrimaryColumn({ type: 'text' })
  tool!: string;

  @Column({ type: 'text' })
  borrower!: string;

  @Column({ type: 'int', name: 'times_lent' })
  timesLent!: number;
}
