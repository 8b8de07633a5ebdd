// Every variable of the environment that the server reads: `npm start -- --help` and the table in README.md are made of this list, and a
// test compares it with what the server looks at. Backticks mark code; the help leaves them out.

const setting = (name, meaning, byDefault) => ({ name, meaning, byDefault });

export const SETTINGS = [
  setting('PORT', 'pages and GraphQL', '3000'),
  setting('STEPWELL_HOST', 'address to listen on', '127.0.0.1'),
  setting('STEPWELL_PUBLIC_URL', 'where outside services reach this installation', 'the address it listens on'),
  setting('DATABASE_URL', 'a PostgreSQL (15 or newer) of your own', 'embedded, in `.stepwell/`'),
  setting('STEPWELL_DATA_DIR', 'where the embedded PostgreSQL keeps its data', '`.stepwell/`'),
  setting(
    'STEPWELL_DATABASE_DIRECT_URL',
    'for LISTEN and migrations, when `DATABASE_URL` goes through a transaction pooler',
    '`DATABASE_URL`',
  ),
  setting(
    'STEPWELL_SHARDS_FILE',
    'a JSON file with further databases, and the tenants in each (docs/reference/scale.md)',
    'none: one has all',
  ),
  setting('STEPWELL_ROLES', 'any of `api,worker,scheduler`', 'all three'),
  setting(
    'STEPWELL_WORKERS',
    'worker processes beside the one that serves pages and requests; `npm start -- --workers 4`',
    '0: one does all',
  ),
  setting('STEPWELL_QUEUES', 'the queues this worker serves', '`default`'),
  setting('STEPWELL_QUEUED_RUNS', 'starts from outside are refused, and emitters wait, when so many runs are queued; or `off`', '1000000'),
  setting('STEPWELL_QUEUED_RUNS_PER_TENANT', 'likewise, of one tenant', '`off`'),
  setting('STEPWELL_QUEUE_FULL', 'what becomes of such a start: `refuse`, or first `slow`, for up to 10 s', '`refuse`'),
  setting('STEPWELL_QUEUE', 'what carries wake-ups between processes: `postgres` or `redis`', '`postgres`'),
  setting('REDIS_URL', 'with `STEPWELL_QUEUE=redis`: `redis://user:password@host:6379/0`, or `rediss://`', 'none'),
  setting(
    'STEPWELL_RETENTION',
    'how long runs stay after their end, with all that is theirs: days such as `90d`, or `off` for ever',
    '90d',
  ),
  setting(
    'STEPWELL_EMISSIONS_RETENTION',
    'how long an emitter knows the keys of its records, by which none starts a run twice: likewise',
    'off',
  ),
  setting('STEPWELL_UPLOAD_FILE_MB', 'megabytes of the largest file that is taken', '25'),
  setting('STEPWELL_UPLOAD_FILES', 'files of one request', '20'),
  setting('STEPWELL_UPLOAD_MB', 'megabytes of one request', '100'),
  setting('STEPWELL_UPLOAD_TYPES', 'media types that are taken, such as `application/pdf,image/*`', 'PDF, pictures, texts, Office, ZIP'),
  setting('STEPWELL_DOCUMENT_DAYS', 'documents go so many days after a start or a step last took them', 'never'),
  setting('STEPWELL_DOCUMENT_STORE', 'where the content of documents is: `postgres` or `s3`', '`postgres`'),
  setting('STEPWELL_S3_BUCKET', 'with `s3`: a bucket that is there', 'none'),
  setting('STEPWELL_S3_REGION', 'its region', '`us-east-1`'),
  setting('STEPWELL_S3_ENDPOINT', "the address of a server other than Amazon's", "Amazon's"),
  setting('STEPWELL_S3_ACCESS_KEY_ID', 'the key to it; its secret below', "the machine's own role or profile"),
  setting('STEPWELL_S3_SECRET_ACCESS_KEY', 'the secret of that key', "the machine's own role or profile"),
  setting(
    'STEPWELL_SMTP_URL',
    'a mail server by which people are told of their tasks: `smtp://user:password@host:587`, or `smtps://`',
    'none',
  ),
  setting('STEPWELL_MAIL_FROM', 'whom that mail is from: `Stepwell <stepwell@example.com>`', 'none'),
  setting('STEPWELL_WEBHOOK_URL', 'a service that is sent what people are to be told: `https://...`', 'none'),
  setting('STEPWELL_WEBHOOK_SECRET', 'signs what is sent there: `whsec_` and 24 to 64 bytes in base64', 'none'),
  setting('STEPWELL_WEBHOOK_PRIVATE', '`on`: it may be plain http, and in a private network', 'off'),
  setting(
    'STEPWELL_APPROVAL_LINKS',
    'who decides by a link of a message: whoever it is for, signed in (`signed-in`), or anybody with it (`open`)',
    '`signed-in`',
  ),
  setting('STEPWELL_SECRET', 'signs callback URLs and links; 32 characters or more', 'made once, kept in the database'),
  setting(
    'STEPWELL_PROVENANCE_KEY',
    'seals the records of decisions; 32 characters or more, several with commas, the newest first',
    'none: seals without a key',
  ),
  setting('STEPWELL_BUILD', 'what the records of decisions name as the build: a commit, an image', 'nothing'),
  setting(
    'STEPWELL_SECRETS_FILE',
    'a JSON file with secrets for steps: `{ "STRIPE_KEY": "..." }`',
    'none; `STEPWELL_SECRET_<name>` goes before it',
  ),
  setting('OTEL_EXPORTER_OTLP_ENDPOINT', 'a collector of OpenTelemetry to send spans of runs to, such as `http://localhost:4318`', 'none'),
  setting('STEPWELL_ISOLATION_MEMORY', 'megabytes of heap for a process in isolation', 'as Node has it'),
  setting('NODE_ENV', '`production` offers no demo and hides the schema; `development` has GraphiQL at `/graphql`', 'neither'),
];

const WIDTH = Math.max(...SETTINGS.map(({ name }) => name.length));

/** A line each, for the help. */
export function settingLines() {
  return SETTINGS.map(({ name, meaning, byDefault }) => `  ${name.padEnd(WIDTH)}  ${meaning} (${byDefault})`.replaceAll('`', ''));
}

/** A line each, for README.md. */
export function settingRows() {
  return SETTINGS.map(({ name, meaning, byDefault }) => `| \`${name}\` | ${meaning} | ${byDefault} |`);
}
