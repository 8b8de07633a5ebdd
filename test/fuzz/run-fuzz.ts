/** A campaign as a whole: a server, the edges, and in the end what was acknowledged, what was printed, and what the auditor says. */
import { audit } from '../../apps/auditor/audit.js';
import { type Campaign, type CampaignOutcome, fuzz, type Tally } from './campaign.js';
import { servedEdges, UNSERVED_EDGES } from './edges/index.js';
import { PASSWORD } from './edges/rest.edge.js';
import { House } from './house.js';
import { SECRET } from './secrets.js';

export interface FuzzOptions extends Campaign {
  /** Only the edges whose name has this in it. */
  readonly edge?: string | undefined;
  /** Only this input of them. */
  readonly only?: number | undefined;
}

export interface FuzzOutcome extends CampaignOutcome {
  /** Everything that was promised and did not hold, each with how to see it again. */
  readonly faults: readonly string[];
  /** How much of each. */
  readonly acknowledged: Readonly<Record<string, number>>;
  readonly slowest: { readonly ms: number; readonly what: string };
  readonly output: string;
}

export async function runFuzz(options: FuzzOptions): Promise<FuzzOutcome> {
  const house = await House.open();
  try {
    await house.replenish();
    const edges = [...UNSERVED_EDGES, ...servedEdges(house)].filter(
      ({ name }) => options.edge === undefined || name.toLowerCase().includes(options.edge.toLowerCase()),
    );
    const outcome = await fuzz(edges, options, house, options.only);
    // The server still does its work.
    await house.handleOrder();
    await house.isAtRest();
    const audited = await house.audited(async (client) => {
      const hasJournal = await house.acknowledged.tell(client);
      return audit(client, { graceMs: 60_000, most: 5, isAtRest: true, hasJournal });
    });
    const broken = audited.findings
      .filter((finding) => finding.outcome === 'broken')
      .map((finding) => `The auditor: ${JSON.stringify(finding)}`);
    return {
      ...outcome,
      faults: [
        ...outcome.failures.map((failure) => toldFailure(failure, options.seed)),
        ...house.complaints([SECRET, PASSWORD]),
        ...(await house.lost()),
        ...broken,
      ],
      acknowledged: house.acknowledged.counts,
      slowest: house.slowest,
      output: house.output,
    };
  } finally {
    await house.close();
  }
}

function toldFailure({ edge, number, input, faults }: CampaignOutcome['failures'][number], seed: number): string {
  return `${edge}, input ${number}: ${faults.join(' ')}\n  ${input.slice(0, 1_500)}\n  Again: npm run fuzz -- --seed ${seed} --edge "${edge}" --only ${number}`;
}

/** Counts in a line. */
export function told(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).map(([what, number]) => `${number} ${what}`).join(', '); // prettier-ignore
}

/** Edges that took nothing, or refused nothing, were not tried. */
export function vacuous(tallies: readonly Tally[]): string[] {
  return tallies
    .filter(({ inputs, accepted }) => accepted === 0 || accepted === inputs)
    .map(({ edge, inputs, accepted }) => `${edge}: ${accepted} of ${inputs} were accepted, so it was not tried.`);
}

export function table(tallies: readonly Tally[]): string {
  const rows = tallies.map(({ edge, inputs, accepted, answers }) => {
    const most = [...answers].sort(([, a], [, b]) => b - a).slice(0, 8);
    return `${edge.padEnd(22)}${String(inputs).padStart(8)}${String(accepted).padStart(10)}${String(inputs - accepted).padStart(9)}  ${most.map(([answer, times]) => `${answer} ${times}`).join(', ')}`;
  });
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  return [
    `${'edge'.padEnd(22)}${'inputs'.padStart(8)}${'accepted'.padStart(10)}${'refused'.padStart(9)}  most answers`,
    ...rows,
    `${'all'.padEnd(22)}${String(sum(({ inputs }) => inputs)).padStart(8)}${String(sum(({ accepted }) => accepted)).padStart(10)}${String(sum(({ inputs, accepted }) => inputs - accepted)).padStart(9)}`,
  ].join('\n');
}
