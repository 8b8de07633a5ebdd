/** The outcome of a campaign as a table for people, and as sentences about what is wrong with it. */
import type { Outcome } from './campaign.js';

/** How many kills must have hit what; fewer, and the campaign has shown nothing. */
export interface Demands {
  readonly kills: number;
  readonly steps: number;
  readonly transactions: number;
  readonly batches: number;
}

/** @returns a sentence for each thing that is wrong; empty when all is well */
export function faultsOf(outcome: Outcome, demands: Demands): string[] {
  const { kills, executions, findings, endedByItself, stoppedWith } = outcome;
  const hit = hits(outcome);
  const faults = findings
    .filter(({ against }) => against.length > 0)
    .map(({ check, against }) => `Not true that ${check}: ${against.length} against it, such as ${JSON.stringify(against.slice(0, 3))}.`);
  const demand = (what: string, count: number, least: number): void => {
    if (count < least) faults.push(`Only ${count} kills ${what}; at least ${least} are needed to show anything.`);
  };
  demand('were made', kills.length, demands.kills);
  demand('hit a step in flight', hit.steps, demands.steps);
  demand('hit an open transaction', hit.transactions, demands.transactions);
  demand('hit the emitter in mid-batch', hit.batches, demands.batches);
  const { A, B } = executions.finishedBy;
  for (const [slot, count] of Object.entries(executions.finishedBy)) {
    if (count < (A + B) / 5) faults.push(`Worker ${slot} finished only ${count} of ${A + B} runs.`);
  }
  if (executions.begunAfterCompletion.length > 0)
    faults.push(
      `Finished steps ran again: ${executions.begunAfterCompletion.slice(0, 5).join('; ')} (${executions.begunAfterCompletion.length} in all).`,
    );
  if (endedByItself.length > 0) faults.push(`Workers ended although nobody killed them: ${endedByItself.join(', ')}.`);
  if (stoppedWith.some((code) => code !== 0)) faults.push(`Workers asked to stop ended with ${stoppedWith.join(' and ')}.`);
  return faults;
}

export function table(outcome: Outcome): string {
  const { kills, executions, findings, seconds } = outcome;
  const hit = hits(outcome);
  const rows: [string, string][] = [
    ['seed', String(outcome.seed)],
    ['kills', `${kills.length}: ${count(kills.map(({ kind, aim }) => `${kind} at ${aim}`))}`],
    ['that hit a step in flight', `${hit.steps} (${sum(kills.map((kill) => kill.hit.steps))} steps)`],
    ['that hit a transaction', `${hit.transactions} (${sum(kills.map((kill) => kill.hit.transactions))} transactions)`],
    ['that hit the emitter in mid-batch', String(hit.batches)],
    ['besides', `${outcome.freezes} workers frozen past their lease, ${outcome.backends} database backends killed`],
    ['take-over of a dead worker’s runs', takeOvers(outcome)],
    [
      'handlers entered',
      `${executions.begun}, of them ${executions.begunAgain} again after a death, ${executions.begunAfterCompletion.length} after completion`,
    ],
    ['runs finished by A, B', `${executions.finishedBy.A}, ${executions.finishedBy.B}`],
    ['decisions', String(outcome.decided)],
    ...Object.entries(outcome.runs).map(([what, number]): [string, string] => [what, String(number)]),
    ['checks of the auditor', `${findings.filter(({ against }) => against.length === 0).length} of ${findings.length} hold`],
    ['seconds', `${seconds.all} in all, ${seconds.killing} killing, ${seconds.settling} coming to rest and a second pass`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function hits({ kills }: Outcome): { steps: number; transactions: number; batches: number } {
  const those = (what: 'steps' | 'transactions' | 'batches'): number => kills.filter((kill) => kill.hit[what] > 0).length;
  return { steps: those('steps'), transactions: those('transactions'), batches: those('batches') };
}

/** After a worker's death; and after everything died with its database, where the time until that is back, and a lease for whoever lives, come on top. */
function takeOvers({ kills }: Outcome): string {
  const told = (kind: Outcome['kills'][number]['kind'], what: string): string => {
    const times = kills.flatMap((kill) => (kill.kind === kind && kill.takeOver ? [kill.takeOver.ms] : [])).sort((a, b) => a - b);
    return times.length === 0
      ? `none ${what}`
      : `${times.length} ${what}, half within ${times[Math.floor(times.length / 2)]} ms, all within ${times.at(-1)} ms`;
  };
  const runs = sum(kills.map(({ takeOver }) => takeOver?.runs ?? 0));
  return `${runs} runs; ${told('worker', 'after one worker')}; ${told('group', 'after everything with the database')}`;
}

function count(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, number]) => `${number} ${word}`).join(', ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
