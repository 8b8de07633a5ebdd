/** What holds of the journal of each run that has ended, whatever happened to it. */
interface Fact {
  readonly seq: number;
  readonly type: string;
  readonly path: string;
  readonly iteration: string;
}

/** @throws Error when a fact is missing, a step was completed twice, or the run has not ended once */
export function checkJournal(id: string, journal: readonly Fact[]): void {
  const gap = journal.findIndex(({ seq }, index) => seq !== index + 1);
  if (gap >= 0) throw new Error(`Fact ${gap + 1} of run ${id} is missing.`);
  const completed = journal.filter(({ type }) => type === 'step.completed').map(({ path, iteration }) => `${path}#${iteration}`);
  const twice = completed.find((one, index) => completed.indexOf(one) < index);
  if (twice !== undefined) throw new Error(`The step ${twice} was completed twice.`);
  const ends = journal.filter(({ type }) => type === 'run.ended');
  if (ends.length !== 1) throw new Error(`Run ${id} has ${ends.length} ends.`);
}
