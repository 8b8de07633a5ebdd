import { workflow } from '@stepwell/sdk';
import { Change } from './change.js';
import { StopLargeChanges } from './stop-large-changes.js';

const ROWS = 1_000;

export const dataChange = workflow('data-change', { input: Change, version: 1, title: 'Delete rows', interceptors: [StopLargeChanges] })
  .then('count', ({ input }) => ({ rows: Math.max(0, ROWS - input.from) }))
  .then('delete', (ctx) => ({ deleted: ctx.resultOf<{ rows: number }>('count').rows, table: ctx.input.table }));
