/**
 * What stands in the log about something that somebody has: a sentence, and behind it, as JSON, what it is about. Who names a run, a task
 * or anything else of a tenant's names the tenant, so that the lines of one can be told from those of all others. Lines about the process
 * and its servers have no tenant.
 */
export type LogFields = Readonly<Record<string, unknown>> &
  ({ readonly tenant: string } | { readonly tenant?: undefined; readonly runId?: undefined });

/** @returns one line, where the message is one */
export function logLine(message: string, fields?: LogFields): string {
  return fields ? `${message} ${JSON.stringify(fields)}` : message;
}
