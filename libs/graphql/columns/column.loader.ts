import type { RunColumns, RunOfList } from '@stepwell/runtime';
import DataLoader from 'dataloader';
import type { ColumnValueObject } from './column-value.object.js';

export interface ColumnLoaders {
  readonly columns: DataLoader<RunOfList, readonly ColumnValueObject[], string>;
}

export function columnLoaders(columns: RunColumns, tenant: string): ColumnLoaders {
  return {
    columns: new DataLoader((runs) => columns.of(tenant, runs), {
      cacheKeyFn: ({ id, at }) => `${id} ${at?.path ?? ''}#${at?.iteration ?? ''}`,
    }),
  };
}
