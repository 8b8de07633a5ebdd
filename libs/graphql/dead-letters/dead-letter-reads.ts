/** What the pages read about dead letters. Every read is of one tenant. */
import { Inject, Injectable } from '@nestjs/common';
import { countDeadLetters, type DeadLetterFilter as StoredFilter, listDeadLetters, type Sql } from '@stepwell/storage';
import { runObject } from '../runs/run.mapper.js';
import type { RunObject } from '../runs/run.object.js';
import { MAX_COUNT, type PageRequest } from '../runs/run-reads.js';
import { checkedText } from '../wire/checked-text.js';
import { checkedFirst, decodeCursor, encodeCursor, type Page, pageOf } from '../wire/page.js';
import { SQL } from '../wire/sql.js';
import type { DeadLetterFilter, DeadLetterObject } from './dead-letter.object.js';

const PLACE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [0-9a-f-]{36}$/;

@Injectable()
export class DeadLetterReads {
  constructor(@Inject(SQL) private readonly sql: Sql) {}

  /** @throws StepwellError PAGE_SIZE_INVALID, CURSOR_INVALID, INPUT_INVALID */
  async page(tenant: string, { first, after }: PageRequest, filter: DeadLetterFilter | null | undefined): Promise<Page<DeadLetterObject>> {
    const place = after == null ? null : decodeCursor('dead-letter', after, PLACE);
    const rows = await listDeadLetters(this.sql, tenant, { ...storedFilter(filter), limit: checkedFirst(first) + 1, after: place });
    return pageOf(
      rows,
      first,
      (row) => encodeCursor('dead-letter', row.place),
      (row) => letterOf(runObject(row)),
    );
  }

  /** @returns how many fit; MAX_COUNT + 1 when there are more */
  count(tenant: string, filter: DeadLetterFilter | null | undefined): Promise<number> {
    return countDeadLetters(this.sql, tenant, storedFilter(filter), MAX_COUNT + 1);
  }
}

export function letterOf(run: RunObject): DeadLetterObject {
  return { run, failedAt: run.endedAt ?? run.createdAt };
}

/** @throws StepwellError INPUT_INVALID */
export function storedFilter(filter: DeadLetterFilter | null | undefined): StoredFilter {
  const { workflow, errorCode, failedFrom, failedBefore } = filter ?? {};
  return {
    workflow: checkedText('filter.workflow', workflow),
    errorCode: checkedText('filter.errorCode', errorCode),
    from: failedFrom == null ? null : new Date(failedFrom),
    until: failedBefore == null ? null : new Date(failedBefore),
  };
}
