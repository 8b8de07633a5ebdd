/** What a process in isolation is told of its parent's settings. */
import type { RuntimeOptions } from '../runtime-options.js';

/** It keeps no schedules, sends no messages, shows no pages and seals nothing; its parent has compared the graphs. */
type Elsewhere =
  | 'roles'
  | 'isolation'
  | 'isolated'
  | 'isRedisAway'
  | 'provenanceKey'
  | 'build'
  | 'graphLock'
  | 'retentionMs'
  | 'emissionsRetentionMs'
  | 'notifications'
  | 'approvalLinks'
  // It opens one database only.
  | 'clients';

export type IsolatedSettings = Omit<RuntimeOptions, Elsewhere>;

/** Each is named in the type, too, so that a setting that is added does not compile until somebody has said where it belongs. */
export function isolatedSettings(options: RuntimeOptions): { readonly [Name in keyof Required<IsolatedSettings>]: IsolatedSettings[Name] } {
  const { databaseUrl, directUrl, redisUrl, queues, publicUrl, secret, secretsFile, tenants, documents, queueBounds } = options;
  const { placement, worker, hangMs, isTraced } = options;
  return {
    ...{ databaseUrl, directUrl, redisUrl, queues, publicUrl, secret, secretsFile, tenants, documents, queueBounds },
    ...{ placement, worker, hangMs, isTraced },
  };
}
