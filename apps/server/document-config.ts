/** The settings of uploads and documents. */
import { DOCUMENT_DEFAULTS, type DocumentOptions, type S3Options } from '@stepwell/documents';

const MEGABYTE = 1024 * 1024;

/**
 * @param value reads a variable; `undefined` when it is not set
 * @param check notes a problem where its condition does not hold
 */
export function readDocumentConfig(
  value: (name: string) => string | undefined,
  check: (ok: boolean, problem: string) => void,
): DocumentOptions {
  const { limits, keepDays } = DOCUMENT_DEFAULTS;
  const amount = (name: string, fallback: number, isWhole = false): number => {
    const text = value(name);
    const number = text === undefined ? fallback : Number(text);
    check(
      number > 0 && Number.isFinite(number) && (!isWhole || Number.isInteger(number)),
      `${name} is "${text}", but it is a ${isWhole ? 'whole ' : ''}number above 0.`,
    );
    return number;
  };
  const types =
    value('STEPWELL_UPLOAD_TYPES')
      ?.split(',')
      .map((type) => type.trim().toLowerCase()) ?? limits.types;
  for (const type of types)
    check(
      /^[a-z\d][\w.+-]*\/(\*|[a-z\d][\w.+-]*)$/.test(type),
      `STEPWELL_UPLOAD_TYPES names "${type}", which is no media type such as application/pdf or image/*.`,
    );
  const maxFileBytes = Math.round(amount('STEPWELL_UPLOAD_FILE_MB', limits.maxFileBytes / MEGABYTE) * MEGABYTE);
  const maxTotalBytes = Math.round(amount('STEPWELL_UPLOAD_MB', limits.maxTotalBytes / MEGABYTE) * MEGABYTE);
  check(maxFileBytes <= maxTotalBytes, 'STEPWELL_UPLOAD_FILE_MB is more than STEPWELL_UPLOAD_MB, so no such file could be sent.');
  return {
    s3: readS3Config(value, check),
    limits: { maxFileBytes, maxTotalBytes, maxFiles: amount('STEPWELL_UPLOAD_FILES', limits.maxFiles, true), types },
    keepDays: value('STEPWELL_DOCUMENT_DAYS') === undefined ? keepDays : amount('STEPWELL_DOCUMENT_DAYS', 1),
  };
}

/** The secret is in no message. */
function readS3Config(value: (name: string) => string | undefined, check: (ok: boolean, problem: string) => void): S3Options | undefined {
  const store = value('STEPWELL_DOCUMENT_STORE') ?? 'postgres';
  check(store === 'postgres' || store === 's3', `STEPWELL_DOCUMENT_STORE is "${store}", but documents are kept in postgres or s3.`);
  if (store !== 's3') return undefined;
  const [bucket, endpoint] = [value('STEPWELL_S3_BUCKET'), value('STEPWELL_S3_ENDPOINT')];
  const [accessKeyId, secretAccessKey] = [value('STEPWELL_S3_ACCESS_KEY_ID'), value('STEPWELL_S3_SECRET_ACCESS_KEY')];
  check(bucket !== undefined, 'STEPWELL_DOCUMENT_STORE is "s3", but STEPWELL_S3_BUCKET does not say which bucket.');
  check(
    endpoint === undefined || (URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)),
    'STEPWELL_S3_ENDPOINT is not of the form https://s3.example.com.',
  );
  check(
    (accessKeyId === undefined) === (secretAccessKey === undefined),
    'Of STEPWELL_S3_ACCESS_KEY_ID and STEPWELL_S3_SECRET_ACCESS_KEY only one is set.',
  );
  const credentials = accessKeyId !== undefined && secretAccessKey !== undefined ? { accessKeyId, secretAccessKey } : undefined;
  return { bucket: bucket ?? '', endpoint, region: value('STEPWELL_S3_REGION') ?? 'us-east-1', credentials };
}
