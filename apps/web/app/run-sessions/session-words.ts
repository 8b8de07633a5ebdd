import type { SessionRow } from './run-sessions.query.js';

/** The server looks at no more of a session's runs. */
const MOST = 1_000;
const number = new Intl.NumberFormat('en');

/** `3 runs, 2 live`. */
export function runWords({ total, live }: SessionRow['runs']): string {
  if (total === 0) return 'no runs';
  const counted = (count: number) => (count > MOST ? `${number.format(MOST)}+` : number.format(count));
  return `${counted(total)} ${total === 1 ? 'run' : 'runs'}, ${live === 0 ? 'none' : counted(live)} live`;
}
