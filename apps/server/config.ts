/** The settings of a server process, read from the environment once. All bad values are told at once, each with what to write instead. */
import type { DocumentOptions } from '@stepwell/documents';
import type { NotificationOptions } from '@stepwell/notifications';
import { StartError } from '@stepwell/postgres';
import type { QueueBounds, RuntimeRole } from '@stepwell/runtime';
import type { ApprovalLinkMode } from '@stepwell/tasks';
import { readDocumentConfig } from './document-config.js';
import { readNotificationConfig } from './notification-config.js';

export interface Config {
  readonly port: number;
  readonly host: string;
  /** `undefined`: run the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  /** Where the embedded PostgreSQL keeps its data; `undefined`: in the project's `.stepwell`. */
  readonly dataDirectory: string | undefined;
  readonly directUrl: string | undefined;
  /** A file that names more databases, and which tenants are in them. */
  readonly shardsFile: string | undefined;
  /** Wake-ups go by this Redis; `undefined`: by PostgreSQL. */
  readonly redisUrl: string | undefined;
  readonly roles: readonly RuntimeRole[];
  readonly queues: readonly string[];
  /** So many worker processes do the work of the role `worker`, beside this one; 0: it does it itself. */
  readonly workers: number;
  /** How many runs may be queued, and what becomes of a start beyond. */
  readonly queueBounds: QueueBounds;
  /** `undefined`: the address it listens on. */
  readonly publicUrl: string | undefined;
  readonly secret: string | undefined;
  /** With what decisions are sealed, newest first, with commas between. */
  readonly provenanceKey: string | undefined;
  /** What the records of decisions name as the build. */
  readonly build: string | undefined;
  /** `undefined`: secrets of steps come from the environment only. */
  readonly secretsFile: string | undefined;
  readonly documents: DocumentOptions;
  readonly notifications: NotificationOptions;
  /** Whether a link of a message is enough to decide a task. */
  readonly approvalLinks: ApprovalLinkMode;
  /** What has ended stays for so long, in milliseconds; `null` for ever. */
  readonly retentionMs: number | null;
  /** So long an emitter knows the keys of its records, in milliseconds; `null` for ever. */
  readonly emissionsRetentionMs: number | null;
  /** Spans of runs are sent to a collector of OpenTelemetry. */
  readonly isTraced: boolean;
  /** V8's heap of a process in isolation; `undefined`: as Node has it. */
  readonly isolationMemoryMb: number | undefined;
  readonly isProduction: boolean;
  /** NODE_ENV=development: GraphiQL at /graphql. */
  readonly isDevelopment: boolean;
}

const DAY_MS = 86_400_000;
/** A day's work for a machine that does ten a second. */
const MOST_QUEUED = '1000000';
/** More than any machine has cores for, and fewer than a typing error asks for. */
const MOST_WORKERS = 64;
const ROLES: readonly RuntimeRole[] = ['api', 'worker', 'scheduler'];

/** @throws StartError naming every bad variable */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const value = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const check = (ok: boolean, problem: string): void => {
    if (!ok) problems.push(problem);
  };

  const portText = value('PORT') ?? '3000';
  const port = Number(portText);
  check(/^\d{1,5}$/.test(portText) && port <= 65_535, `PORT is "${portText}", but a port is a number from 0 to 65535.`);
  const databaseUrl = value('DATABASE_URL');
  check(
    databaseUrl === undefined || isUrl(databaseUrl, /^postgres(ql)?:$/),
    'DATABASE_URL is not of the form postgresql://user:password@host:5432/database.',
  );
  const directUrl = value('STEPWELL_DATABASE_DIRECT_URL');
  check(
    directUrl === undefined || isUrl(directUrl, /^postgres(ql)?:$/),
    'STEPWELL_DATABASE_DIRECT_URL is not of the form postgresql://user:password@host:5432/database.',
  );
  const queue = value('STEPWELL_QUEUE') ?? 'postgres';
  check(queue === 'postgres' || queue === 'redis', `STEPWELL_QUEUE is "${queue}", but wake-ups go by postgres or redis.`);
  // Without STEPWELL_QUEUE=redis it may be there for somebody else: many hosts set it for every process.
  const redisUrl = queue === 'redis' ? value('REDIS_URL') : undefined;
  check(
    queue !== 'redis' || redisUrl !== undefined,
    'STEPWELL_QUEUE is "redis", but REDIS_URL does not say where, such as redis://127.0.0.1:6379.',
  );
  check(
    redisUrl === undefined || (isUrl(redisUrl, /^rediss?:$/) && /^\/?\d*$/.test(new URL(redisUrl).pathname)),
    'REDIS_URL is not of the form redis://user:password@host:6379/0 (rediss:// for TLS).',
  );
  const roles = list(value('STEPWELL_ROLES')) ?? [...ROLES];
  for (const role of roles)
    check((ROLES as readonly string[]).includes(role), `STEPWELL_ROLES names "${role}", but the roles are ${ROLES.join(', ')}.`);
  const workers = value('STEPWELL_WORKERS') ?? '0';
  check(
    /^\d{1,2}$/.test(workers) && Number(workers) <= MOST_WORKERS,
    `STEPWELL_WORKERS is "${workers}", but it is a number of processes from 0 to ${MOST_WORKERS}.`,
  );
  check(
    !(Number(workers) > 0) || roles.includes('worker'),
    'STEPWELL_WORKERS asks for worker processes, but STEPWELL_ROLES leaves the role worker out.',
  );
  const queues = list(value('STEPWELL_QUEUES')) ?? ['default'];
  for (const queue of queues)
    check(/^[A-Za-z0-9_-]+$/.test(queue), `STEPWELL_QUEUES names "${queue}", but a queue's name has letters, digits, "-" and "_" only.`);
  const runs = (name: string, byDefault: string): number | null => {
    const text = value(name) ?? byDefault;
    check(text === 'off' || /^[1-9]\d{0,8}$/.test(text), `${name} is "${text}", but it is a number of runs, or off.`);
    return text === 'off' ? null : Number(text);
  };
  const mostQueued = runs('STEPWELL_QUEUED_RUNS', MOST_QUEUED);
  const whenFull = value('STEPWELL_QUEUE_FULL') ?? 'refuse';
  check(whenFull === 'refuse' || whenFull === 'slow', `STEPWELL_QUEUE_FULL is "${whenFull}", but it is refuse or slow.`);
  const queueBounds: QueueBounds = {
    all: mostQueued,
    perTenant: runs('STEPWELL_QUEUED_RUNS_PER_TENANT', 'off'),
    whenFull: whenFull as QueueBounds['whenFull'],
  };
  const publicUrl = value('STEPWELL_PUBLIC_URL')?.replace(/\/+$/, '');
  check(publicUrl === undefined || isUrl(publicUrl, /^https?:$/), 'STEPWELL_PUBLIC_URL is not of the form https://stepwell.example.com.');
  const secret = value('STEPWELL_SECRET');
  const provenanceKey = value('STEPWELL_PROVENANCE_KEY');
  check(
    (list(provenanceKey) ?? []).every((key) => key.length >= 32),
    'STEPWELL_PROVENANCE_KEY has a key that is shorter than 32 characters; make one with: openssl rand -base64 32',
  );
  check(
    secret === undefined || secret.length >= 32,
    'STEPWELL_SECRET is shorter than 32 characters; make one with: openssl rand -base64 32',
  );
  const documents = readDocumentConfig(value, check);
  const notifications = readNotificationConfig(value, check);
  const approvalLinks = value('STEPWELL_APPROVAL_LINKS') ?? 'signed-in';
  check(
    approvalLinks === 'signed-in' || approvalLinks === 'open',
    `STEPWELL_APPROVAL_LINKS is "${approvalLinks}", but it is signed-in or open.`,
  );
  const days = (name: string, byDefault: string): number | null => {
    const text = value(name) ?? byDefault;
    const count = /^([1-9]\d{0,4})d$/.exec(text)?.[1];
    check(text === 'off' || count !== undefined, `${name} is "${text}", but it is a number of days such as 90d, or off.`);
    return count === undefined ? null : Number(count) * DAY_MS;
  };
  const retentionMs = days('STEPWELL_RETENTION', '90d');
  const emissionsRetentionMs = days('STEPWELL_EMISSIONS_RETENTION', 'off');
  const collector = value('OTEL_EXPORTER_OTLP_ENDPOINT');
  check(collector === undefined || isUrl(collector, /^https?:$/), 'OTEL_EXPORTER_OTLP_ENDPOINT is not of the form http://localhost:4318.');
  const memory = value('STEPWELL_ISOLATION_MEMORY');
  check(
    memory === undefined || (/^\d+$/.test(memory) && Number(memory) >= 64),
    `STEPWELL_ISOLATION_MEMORY is "${memory}", but it is a number of megabytes, 64 or more.`,
  );

  if (problems.length > 0)
    throw new StartError(problems.join(' '), problems.length === 1 ? 'Change it or leave it out.' : 'Change them or leave them out.');
  return {
    port,
    host: value('STEPWELL_HOST') ?? '127.0.0.1',
    databaseUrl,
    dataDirectory: value('STEPWELL_DATA_DIR'),
    directUrl,
    shardsFile: value('STEPWELL_SHARDS_FILE'),
    redisUrl,
    roles: roles as RuntimeRole[],
    queues,
    workers: Number(workers),
    queueBounds,
    publicUrl,
    secret,
    provenanceKey,
    build: value('STEPWELL_BUILD'),
    secretsFile: value('STEPWELL_SECRETS_FILE'),
    documents,
    notifications,
    approvalLinks: approvalLinks as ApprovalLinkMode,
    retentionMs,
    emissionsRetentionMs,
    isTraced: collector !== undefined,
    isolationMemoryMb: memory === undefined ? undefined : Number(memory),
    isProduction: environment['NODE_ENV'] === 'production',
    isDevelopment: environment['NODE_ENV'] === 'development',
  };
}

function list(text: string | undefined): string[] | undefined {
  const parts = text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts?.length ? parts : undefined;
}

function isUrl(text: string, protocol: RegExp): boolean {
  return URL.canParse(text) && protocol.test(new URL(text).protocol);
}
