/** What the campaign of timers must have come to, so that what it says is what it did. */
export interface Rung {
  readonly timers: number;
  /** That waited at once, seen before the instant. */
  readonly waiting: number;
  /** When workers were killed, in milliseconds since 1970, likewise below. */
  readonly killedAt: readonly number[];
  readonly instant: number;
  /** When the last of the runs ended. */
  readonly lastEndedAt: number;
  readonly endedByThemselves: readonly string[];
}

/** @returns sentences about what is not as it has to be */
export function timersShortcomings({ timers, waiting, killedAt, instant, lastEndedAt, endedByThemselves }: Rung): string[] {
  const meanwhile = killedAt.filter((at) => at >= instant && at < lastEndedAt);
  return [
    ...(waiting < timers ? [`Only ${waiting} of ${timers} runs waited before the instant that they wait for.`] : []),
    ...(meanwhile.length === 0 ? [`None of the ${killedAt.length} kills fell between the instant and the end of the last run.`] : []),
    ...(endedByThemselves.length > 0 ? [`Processes ended although nobody ended them: ${endedByThemselves.join(', ')}`] : []),
  ];
}
