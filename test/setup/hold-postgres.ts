// A process of its own that runs an embedded PostgreSQL, for the tests that kill it: prints one line of JSON and lives as long as its stdin.
import { type EmbeddedPostgresOptions, isStartError, startEmbeddedPostgres } from '@stepwell/postgres';

try {
  const { url, pid, dataDirectory } = await startEmbeddedPostgres(JSON.parse(process.argv[2] ?? '') as EmbeddedPostgresOptions);
  process.stdout.write(`${JSON.stringify({ url, pid, dataDirectory, uid: process.getuid?.() })}\n`);
  process.stdin.resume().once('end', () => process.exit(0));
} catch (error) {
  if (!isStartError(error)) throw error;
  process.stdout.write(`${JSON.stringify({ refusal: error.message })}\n`);
}
