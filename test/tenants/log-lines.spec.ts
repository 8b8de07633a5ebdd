/**
 * Each line of the log that is about something of a tenant's names the tenant. What writes a line and names none is here, with a reason: a
 * new one fails until somebody has said whose it is. That a worker names no run without its tenant is a type (`LogFields`).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** By file: what its lines without a tenant are about. */
const OF_NO_TENANT: Readonly<Record<string, string>> = {
  'libs/access/http/error.filter.ts': 'a fault of the product or its database, by a number that its caller was given',
  'libs/documents/document-sweeper.ts': 'a whole sweep',
  'libs/events/event-loop.ts': 'the loop of a process, when the database is away',
  'libs/graphql/changes/subscription-server.ts': 'a handshake, before it is known who asks',
  'libs/graphql/errors/client-error.ts': 'a fault of the product or its database, by a number that its caller was given',
  'libs/notifications/channel-sender.ts': 'a server of mail or messages that is away',
  'libs/notifications/notifier.ts': 'a whole pass',
  'libs/runtime/housekeeper.ts': 'a whole pass',
  'libs/runtime/hosting/find-workflow-modules.ts': 'folders of the build',
  'libs/runtime/isolation/isolation.ts': 'a process; the run that it was in stands there with its tenant',
  'libs/runtime/runs/queue-gauge.ts': 'the queue as a whole',
  'libs/runtime/runtime-lifecycle.ts': 'tables of the build',
  'libs/runtime/tracing/open-telemetry.ts': 'the collector',
  'libs/runtime/worker/worker.ts': 'duties of a process',
  'libs/wakeups/local-listeners.ts': 'hints, which have no tenant',
  'libs/wakeups/postgres/listen-connection.ts': 'hints, which have no tenant',
  'libs/wakeups/postgres/notifier.ts': 'hints, which have no tenant',
  'libs/wakeups/postgres/postgres-change-feed.ts': 'a subscriber within the process',
  'libs/wakeups/redis/hint-sender.ts': 'hints, which have no tenant',
  'libs/wakeups/redis/redis-wake-up-queue.ts': 'hints, which have no tenant',
};

const sources = readdirSync(join(ROOT, 'libs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('spec.ts') && !name.startsWith('testing/'))
  .map((name) => ({ file: `libs/${name}`, text: readFileSync(join(ROOT, 'libs', name), 'utf8') }));

/** The arguments of each call that writes a line. */
function linesOf(text: string): string[] {
  return [...text.matchAll(/\b(?:logger|log|parts)\.(?:log|debug|info|warn|error)\(|\bwarn\((?=['`])/g)].map(({ index, 0: call }) => {
    const from = index + call.length;
    let depth = 1;
    let end = from;
    while (depth > 0 && end < text.length) depth += { '(': 1, ')': -1 }[text[end++] ?? ''] ?? 0;
    return text.slice(from, end - 1);
  });
}

const NAMES_TENANT = /\btenant\b|\baboutRun\b|\.\.\.gate\b|\babout\b/;

describe('what is written into the log', () => {
  const lines = sources.flatMap(({ file, text }) => linesOf(text).map((line) => ({ file, line })));

  it('is found', () => expect(lines.length).toBeGreaterThan(35));

  it('names the tenant, or is of none', () => {
    expect(lines.filter(({ file, line }) => !NAMES_TENANT.test(line) && !(file in OF_NO_TENANT))).toEqual([]);
  });

  it('names no run, event, task, schedule or message where it is of none', () => {
    const speaks = /\brunId\b|\brun\b\.id|event_?[iI]d\b|taskId\b|one\.id|row\.id|\$\{id\}/;
    // The number of a fault is no id of anything.
    const suspect = lines.filter(({ line }) => !NAMES_TENANT.test(line) && speaks.test(line) && !line.startsWith('`Number '));
    expect(suspect).toEqual([]);
  });

  it('has a reason for no file that needs none', () => {
    const needed = new Set(lines.filter(({ line }) => !NAMES_TENANT.test(line)).map(({ file }) => file));
    expect(Object.keys(OF_NO_TENANT).filter((file) => !needed.has(file))).toEqual([]);
  });
});

describe('what is measured', () => {
  it('has no labels: there is no metric, and who adds one says here how its label tells tenants apart', () => {
    const measures = /prom-client|\bgetMeter\b|createCounter\(|createHistogram\(|createObservableGauge\(|sdk-metrics/;
    expect(sources.filter(({ text }) => measures.test(text)).map(({ file }) => file)).toEqual([]);
    expect(readFileSync(join(ROOT, 'package.json'), 'utf8')).not.toMatch(measures);
  });
});
