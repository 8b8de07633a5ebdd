export const MISSED_BY_FAR: string;

export interface Workload {
  readonly name: string;
  readonly needs: string;
  readonly figures: readonly { readonly key: string; readonly title: string }[];
  readonly headline: readonly string[];
  readonly targets?: readonly object[];
}

export interface Aim {
  readonly what: string;
  readonly found: number | null;
  readonly verdict: string;
  readonly by?: string;
  readonly notJudged?: readonly string[];
  readonly notMeasured?: readonly string[];
}

export function aimsOf(
  workload: Workload,
  systems: readonly { readonly name: string; readonly title: string; readonly figures?: object }[],
  timesAsGood: (figure: string, other: string) => readonly number[],
): readonly Aim[];
