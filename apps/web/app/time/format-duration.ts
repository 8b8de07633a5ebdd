const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration in at most two units: `340 ms`, `2.4 s`, `3 min 20 s`, `5 h 2 min`, `12 d 4 h`. */
export function formatDuration(ms: number): string {
  const value = Math.max(0, ms);
  if (value < SECOND) return `${Math.round(value)} ms`;
  if (value < 10 * SECOND) return `${trimmed(value / SECOND)} s`;
  if (value < MINUTE) return `${Math.round(value / SECOND)} s`;
  if (value < HOUR) return pair(value, MINUTE, 'min', SECOND, 's');
  if (value < DAY) return pair(value, HOUR, 'h', MINUTE, 'min');
  return pair(value, DAY, 'd', HOUR, 'h');
}

function trimmed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}

function pair(value: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const whole = Math.floor(value / big);
  const rest = Math.floor((value - whole * big) / small);
  return rest === 0 ? `${whole} ${bigUnit}` : `${whole} ${bigUnit} ${rest} ${smallUnit}`;
}

/** `now`, `40 s ago`, `in 3 h`, `2 d 4 h ago`: rounded down, seconds in steps of five so that a page does not flicker. */
export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < 5 * SECOND) return 'now';
  const text = roughly(distance);
  return at > now ? `in ${text}` : `${text} ago`;
}

function roughly(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / (5 * SECOND)) * 5} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return pair(ms, DAY, 'd', HOUR, 'h');
}
