import { readConfig } from './config.js';

describe('the settings', () => {
  it('have defaults that need nothing', () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: undefined,
      roles: ['api', 'worker', 'scheduler'],
      queues: ['default'],
      isProduction: false,
    });
  });

  it('tell every bad value at once', () => {
    const read = () => readConfig({ PORT: 'eighty', DATABASE_URL: 'mysql://x', STEPWELL_ROLES: 'api,cook', STEPWELL_SECRET: 'short' });
    expect(read).toThrow(/PORT is "eighty".*DATABASE_URL.*"cook".*STEPWELL_SECRET/s);
  });

  it('take the retention in days, on by default, or off', () => {
    const day = 86_400_000;
    expect(readConfig({})).toMatchObject({ retentionMs: 90 * day, emissionsRetentionMs: null });
    expect(readConfig({ STEPWELL_RETENTION: '7d', STEPWELL_EMISSIONS_RETENTION: '400d' })).toMatchObject({
      retentionMs: 7 * day,
      emissionsRetentionMs: 400 * day,
    });
    expect(readConfig({ STEPWELL_RETENTION: 'off' }).retentionMs).toBeNull();
    for (const wrong of ['0d', '90', '-1d', '2 weeks', 'never', '1.5d'])
      expect(() => readConfig({ STEPWELL_RETENTION: wrong })).toThrow(
        `STEPWELL_RETENTION is "${wrong}", but it is a number of days such as 90d, or off.`,
      );
  });

  it('take a number of worker processes, and say what it cannot be', () => {
    expect(readConfig({}).workers).toBe(0);
    expect(readConfig({ STEPWELL_WORKERS: '4' }).workers).toBe(4);
    expect(readConfig({ STEPWELL_WORKERS: '4', STEPWELL_ROLES: 'worker' }).workers).toBe(4);
    for (const wrong of ['-1', '65', '2.5', 'many', '1e1'])
      expect(() => readConfig({ STEPWELL_WORKERS: wrong })).toThrow(
        `STEPWELL_WORKERS is "${wrong}", but it is a number of processes from 0 to 64.`,
      );
    expect(() => readConfig({ STEPWELL_WORKERS: '2', STEPWELL_ROLES: 'api' })).toThrow(/STEPWELL_ROLES leaves the role worker out/);
  });

  it('take bounds of the queue, and say what they cannot be', () => {
    expect(readConfig({}).queueBounds).toEqual({ all: 1_000_000, perTenant: null, whenFull: 'refuse' });
    const set = { STEPWELL_QUEUED_RUNS: '500', STEPWELL_QUEUED_RUNS_PER_TENANT: '999999999', STEPWELL_QUEUE_FULL: 'slow' };
    expect(readConfig(set).queueBounds).toEqual({ all: 500, perTenant: 999_999_999, whenFull: 'slow' });
    const off = { STEPWELL_QUEUED_RUNS: 'off', STEPWELL_QUEUED_RUNS_PER_TENANT: 'off' };
    expect(readConfig(off).queueBounds).toMatchObject({ all: null, perTenant: null });
    for (const name of ['STEPWELL_QUEUED_RUNS', 'STEPWELL_QUEUED_RUNS_PER_TENANT'])
      for (const wrong of ['0', '-1', '1.5', '1e6', '1000000000', '1_000', 'none'])
        expect(() => readConfig({ [name]: wrong })).toThrow(`${name} is "${wrong}", but it is a number of runs, or off.`);
    for (const wrong of ['off', 'Slow', 'wait'])
      expect(() => readConfig({ STEPWELL_QUEUE_FULL: wrong })).toThrow(`STEPWELL_QUEUE_FULL is "${wrong}", but it is refuse or slow.`);
  });

  it('take roles and queues as lists', () => {
    expect(readConfig({ STEPWELL_ROLES: 'worker', STEPWELL_QUEUES: 'default, heavy' })).toMatchObject({
      roles: ['worker'],
      queues: ['default', 'heavy'],
    });
  });

  it('take a Redis only where it is asked for, and say what is missing', () => {
    const REDIS_URL = 'redis://:secret@cache.example:6380/2';
    expect(readConfig({ REDIS_URL }).redisUrl).toBeUndefined();
    expect(readConfig({ STEPWELL_QUEUE: 'postgres', REDIS_URL: 'nonsense' }).redisUrl).toBeUndefined();
    expect(readConfig({ STEPWELL_QUEUE: 'redis', REDIS_URL }).redisUrl).toBe(REDIS_URL);
    expect(() => readConfig({ STEPWELL_QUEUE: 'redis' })).toThrow(/^STEPWELL_QUEUE is "redis", but REDIS_URL does not say where, such as/);
    for (const wrong of ['localhost:6379', 'http://localhost', 'redis://localhost/main'])
      expect(() => readConfig({ STEPWELL_QUEUE: 'redis', REDIS_URL: wrong })).toThrow(/^REDIS_URL is not of the form redis:/);
    expect(() => readConfig({ STEPWELL_QUEUE: 'kafka' })).toThrow(/^STEPWELL_QUEUE is "kafka", but wake-ups go by postgres or redis\./);
  });

  it('bound uploads, and say which of them cannot be', () => {
    const { documents } = readConfig({
      STEPWELL_UPLOAD_FILE_MB: '0.5',
      STEPWELL_UPLOAD_FILES: '3',
      STEPWELL_UPLOAD_TYPES: 'image/*, application/pdf',
    });
    expect(documents).toEqual({
      limits: { maxFileBytes: 524_288, maxFiles: 3, maxTotalBytes: 104_857_600, types: ['image/*', 'application/pdf'] },
      keepDays: null,
      s3: undefined,
    });
    expect(readConfig({ STEPWELL_DOCUMENT_DAYS: '90' }).documents.keepDays).toBe(90);
    const wrong = { STEPWELL_UPLOAD_FILES: '1.5', STEPWELL_UPLOAD_MB: '-1', STEPWELL_UPLOAD_TYPES: 'pdf', STEPWELL_DOCUMENT_DAYS: 'long' };
    expect(() => readConfig(wrong)).toThrow(/"pdf", which is no.*_MB is "-1".*_FILES is "1.5", but it is a whole number.*_DAYS is "long"/s);
    expect(() => readConfig({ STEPWELL_UPLOAD_FILE_MB: '200' })).toThrow(/^STEPWELL_UPLOAD_FILE_MB is more than STEPWELL_UPLOAD_MB/);
  });

  it('take a bucket only where it is asked for, and never tell its secret', () => {
    const s3 = { STEPWELL_S3_BUCKET: 'documents', STEPWELL_S3_ACCESS_KEY_ID: 'id', STEPWELL_S3_SECRET_ACCESS_KEY: 'very-secret' };
    expect(readConfig(s3).documents.s3).toBeUndefined();
    expect(readConfig({ STEPWELL_DOCUMENT_STORE: 's3', ...s3, STEPWELL_S3_ENDPOINT: 'http://minio:9000' }).documents.s3).toEqual({
      ...{ bucket: 'documents', endpoint: 'http://minio:9000', region: 'us-east-1' },
      credentials: { accessKeyId: 'id', secretAccessKey: 'very-secret' },
    });
    const half = { STEPWELL_DOCUMENT_STORE: 's3', STEPWELL_S3_SECRET_ACCESS_KEY: 'very-secret', STEPWELL_S3_ENDPOINT: 'minio' };
    const read = () => readConfig(half);
    expect(read).toThrow(/STEPWELL_S3_BUCKET does not say.*STEPWELL_S3_ENDPOINT is not.*only one is set/s);
    expect(read).not.toThrow(/very-secret/);
    expect(() => readConfig({ STEPWELL_DOCUMENT_STORE: 'disk' })).toThrow(/^STEPWELL_DOCUMENT_STORE is "disk"/);
  });

  it('send messages only where they say how, and never tell a secret', () => {
    expect(readConfig({}).notifications).toEqual({ mail: undefined, webhook: undefined });
    const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    const mail = { STEPWELL_SMTP_URL: 'smtps://me:very-secret@mail.example', STEPWELL_MAIL_FROM: 'Stepwell <stepwell@example.com>' };
    expect(readConfig({ ...mail, STEPWELL_WEBHOOK_URL: 'https://chat.example/x', STEPWELL_WEBHOOK_SECRET: secret }).notifications).toEqual({
      mail: { url: mail.STEPWELL_SMTP_URL, from: mail.STEPWELL_MAIL_FROM },
      webhook: { url: 'https://chat.example/x', secret, mayBePrivate: false },
    });
    const wrong = (settings: Record<string, string>) => () => readConfig(settings);
    expect(wrong({ STEPWELL_SMTP_URL: 'mail.example:very-secret' })).toThrow(/^STEPWELL_SMTP_URL is not of the form.*only one is set/);
    expect(wrong({ STEPWELL_SMTP_URL: 'mail.example:very-secret' })).not.toThrow(/very-secret/);
    expect(wrong({ ...mail, STEPWELL_MAIL_FROM: 'Stepwell' })).toThrow(/^STEPWELL_MAIL_FROM is "Stepwell", but it is an address/);
    expect(readConfig({}).approvalLinks).toBe('signed-in');
    expect(wrong({ STEPWELL_APPROVAL_LINKS: 'public' })).toThrow(/^STEPWELL_APPROVAL_LINKS is "public", but it is signed-in or open\./);
    const plain = { STEPWELL_WEBHOOK_URL: 'http://10.0.0.1/x', STEPWELL_WEBHOOK_SECRET: secret };
    expect(wrong(plain)).toThrow(/needs STEPWELL_WEBHOOK_PRIVATE=on/);
    expect(wrong({ ...plain, STEPWELL_WEBHOOK_PRIVATE: 'on' })).not.toThrow();
    expect(wrong({ STEPWELL_WEBHOOK_URL: 'https://chat.example', STEPWELL_WEBHOOK_SECRET: 'very-secret' })).toThrow(
      /^STEPWELL_WEBHOOK_SECRET is not whsec_/,
    );
  });
});
