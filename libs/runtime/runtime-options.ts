import type { DocumentOptions } from '@stepwell/documents';
import type { GraphLock } from '@stepwell/engine';
import type { NotificationOptions } from '@stepwell/notifications';
import type { ApprovalLinkMode } from '@stepwell/tasks';
import type { QueueBounds } from './runs/queue-gauge.js';
import type { TenantClients } from './tenants/tenant-clients.js';
import type { TenantPlacement } from './tenants/tenant-placement.js';
import type { Entrance } from './worker/host.js';
import type { WorkerOptions } from './worker/worker-options.js';

export const RUNTIME_OPTIONS = Symbol('RUNTIME_OPTIONS');

/** `isolated` is a worker that takes suspects only; see isolation/. */
export type RuntimeRole = 'api' | 'worker' | 'scheduler' | 'isolated';

/** Four leases: no honest step keeps a process from its heartbeats, its pages and everybody else's steps for so long. */
export const HANG_MS = 60_000;

export interface RuntimeOptions {
  readonly databaseUrl: string;
  /** For the LISTEN connection; `undefined` behind a transaction-pooling proxy without a direct URL: then the worker polls. */
  readonly directUrl: string | undefined;
  /** Wake-ups go by BullMQ on this Redis; `undefined`: by PostgreSQL. */
  readonly redisUrl?: string | undefined;
  /** It was not there a moment ago, and that was said. */
  readonly isRedisAway?: boolean | undefined;
  readonly roles: readonly RuntimeRole[];
  readonly queues: readonly string[];
  /** Where outside services reach this installation, without a trailing slash. */
  readonly publicUrl: string;
  /** Signs callback URLs; by default a key made at the first start and kept in the database. */
  readonly secret?: string | undefined;
  /** With what decisions are sealed: keys with commas between them, the newest first. */
  readonly provenanceKey?: string | undefined;
  /** What the records of decisions name as the build: a commit, an image. */
  readonly build?: string | undefined;
  /** A JSON file with secrets for steps, beside those of the environment: see environment-secrets.ts. */
  readonly secretsFile?: string | undefined;
  /** The graphs of released versions: with them the boot refuses one that has changed. */
  readonly graphLock?: GraphLock | undefined;
  /** The tenants whose workflows are registered at boot. */
  readonly tenants: readonly string[];
  /** Where there are several databases: which one this is, and who is in the others. By default all tenants are in this one. */
  readonly placement?: TenantPlacement | undefined;
  /** With `placement`: how `StepwellClient` reaches the others, each put there by whoever opens it; without it what is for them is refused. */
  readonly clients?: TenantClients | undefined;
  /** What has ended stays for so long, in milliseconds; `null`, the default, for ever. */
  readonly retentionMs?: number | null;
  /** So long an emitter knows the keys of its records, in milliseconds; `null`, the default, for ever. */
  readonly emissionsRetentionMs?: number | null;
  readonly documents?: Partial<DocumentOptions> | undefined;
  /** How people are told of their tasks; by default not at all. Sent by the role `scheduler`. */
  readonly notifications?: NotificationOptions | undefined;
  /** Whether a link by which a task is decided is enough (`open`), or whoever it is for signs in first, as by default. */
  readonly approvalLinks?: ApprovalLinkMode | undefined;
  /** How many runs may be queued before starts from outside are refused; by default there is no bound. */
  readonly queueBounds?: QueueBounds | undefined;
  readonly worker?: Partial<WorkerOptions> | undefined;
  /** How long the event loop of a process in isolation may stand still; HANG_MS by default. */
  readonly hangMs?: number | undefined;
  /** Spans of runs are sent: to where `OTEL_EXPORTER_OTLP_ENDPOINT` says, see tracing/open-telemetry.ts. */
  readonly isTraced?: boolean | undefined;
  /** Where suspects go; without it they wait for a process that has it. */
  readonly isolation?: IsolationOptions;
  /** For the role `isolated`. */
  readonly isolated?: IsolatedHooks;
}

export interface IsolationOptions {
  /** A compiled module that calls `runIsolated` with the same workflow modules. */
  readonly entry: string;
  /** V8's heap of such a process, in megabytes; `undefined`: as much as Node gives any process on this machine. */
  readonly memoryMb?: number | undefined;
}

export interface IsolatedHooks {
  /** Before it claims. @param incarnation under which it does */
  readonly onWorker: (incarnation: string) => void;
  readonly onIdle: () => void;
  readonly onEntering: (entrance: Entrance & { readonly worker: string }) => void;
}
