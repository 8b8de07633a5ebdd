import { Inject, Injectable } from '@nestjs/common';
import { WorkflowCatalog } from '@stepwell/engine';
import { readLedgers, readLedgersOfRuns, readRejected, type RejectedRequest, type RejectedRow, type Sql } from '@stepwell/storage';
import { SQL } from '../wire/sql.js';
import { ledgerObject } from './emitter.mapper.js';
import type { EmitterObject, LedgerObject } from './emitter.object.js';

/** What the pages read about emitters: those that are hosted, and their ledgers, counted. */
@Injectable()
export class EmitterReads {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly catalog: WorkflowCatalog,
  ) {}

  all(): EmitterObject[] {
    return this.catalog
      .all()
      .flatMap(({ definition: { name, title }, processor }) => (processor === undefined ? [] : [{ name, title, processor }]));
  }

  get(name: string): EmitterObject | null {
    return this.all().find((emitter) => emitter.name === name) ?? null;
  }

  async ledgers(tenant: string, names: readonly string[]): Promise<LedgerObject[]> {
    const counts = await readLedgers(this.sql, tenant, names);
    return names.map((name) => ledgerObject(counts.get(name)));
  }

  async ledgersOfRuns(tenant: string, runs: readonly string[]): Promise<LedgerObject[]> {
    const counts = await readLedgersOfRuns(this.sql, tenant, runs);
    return runs.map((id) => ledgerObject(counts.get(id)));
  }

  rejected(tenant: string, requests: readonly RejectedRequest[]): Promise<RejectedRow[][]> {
    return readRejected(this.sql, tenant, requests);
  }
}
