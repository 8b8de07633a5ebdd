/** How bad a strike was, lightest first. */
export const SEVERITIES = ['none', 'minor', 'substantial'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The worse of two. */
export function worse(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}
