/** What an audit found, for people. */
import type { Audit, Finding } from './audit.js';

const WORDS = { holds: 'holds  ', broken: 'BROKEN ', skipped: 'skipped' } as const;

export function line({ check, outcome, against, ms }: Finding): string {
  const took = outcome === 'skipped' ? '' : ` (${Math.round(ms)} ms)`;
  const rows = against.map((row) => `\n         ${JSON.stringify(row)}`).join('');
  return `${WORDS[outcome]} ${check.guarantee.padEnd(3)} ${check.sentence}${took}${rows}`;
}

export function summary({ at, counts, findings }: Audit): string {
  const count = (outcome: Finding['outcome']) => findings.filter((finding) => finding.outcome === outcome).length;
  const looked = (['runs', 'facts', 'tasks', 'events', 'records'] as const).map((what) => `${counts[what].toLocaleString('en')} ${what}`);
  const lines = [
    `Looked at ${looked.join(', ')}, as they stood at ${at}.`,
    `${count('holds')} checks hold, ${count('broken')} are broken, ${count('skipped')} were skipped.`,
  ];
  if (counts.workers === 0) lines.push('No worker lives, so what depends on one was not asked.');
  if (counts.runs === 0) lines.push('There is no run: nothing was shown.');
  return lines.join('\n');
}
