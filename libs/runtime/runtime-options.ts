import type { DocumentOptions } from '@stepwell/documents';
import type { WorkerOptions } from './worker/worker-options.js';

export const RUNTIME_OPTIONS = Symbol('RUNTIME_OPTIONS');

export type RuntimeRole = 'api' | 'worker' | 'scheduler';

export interface RuntimeOptions {
  readonly databaseUrl: string;
  /** For the LISTEN connection; `undefined` behind a transaction-pooling proxy without a direct URL: then the worker polls. */
  readonly directUrl: string | undefined;
  /** Wake-ups go by BullMQ on this Redis; `undefined`: by PostgreSQL. */
  readonly redisUrl?: string | undefined;
  readonly roles: readonly RuntimeRole[];
  readonly queues: readonly string[];
  /** Where outside services reach this installation, without a trailing slash. */
  readonly publicUrl: string;
  /** Signs callback URLs; by default a key made at the first start and kept in the database. */
  readonly secret?: string | undefined;
  /** The tenants whose workflows are registered at boot. */
  readonly tenants: readonly string[];
  readonly documents?: Partial<DocumentOptions>;
  /** What has ended stays for so long, in milliseconds; `null`, the default, for ever. */
  readonly retentionMs?: number | null;
  /** So long an emitter knows the keys of its records, in milliseconds; `null`, the default, for ever. */
  readonly emissionsRetentionMs?: number | null;
  readonly worker?: Partial<WorkerOptions>;
}
