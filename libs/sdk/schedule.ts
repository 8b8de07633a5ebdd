/** When a workflow starts by itself. */
export interface ScheduleOptions<In> {
  /** Five or six fields (six: seconds first), as croner reads them. */
  readonly cron: string;
  /**
   * IANA zone; default UTC. Where the clock jumps, a fixed time (`30 2 * * *`) falls due once: right after the gap, or at the first of two;
   * an interval (`30 * * * *`) leaves the gap out and falls due in both of two repeated hours.
   */
  readonly zone?: string;
  /**
   * What happens when a run of the schedule is still going, of a slot before or out of turn: `skip` (default; the slot is recorded as
   * skipped) or `allow`.
   */
  readonly overlap?: 'skip' | 'allow';
  /**
   * Slots that fell due while nothing ran: `latest` (default) fires the newest of them, `all` fires each (one after the other, each when
   * the run before has ended, unless runs may overlap), `none` records them as skipped.
   */
  readonly catchUp?: 'latest' | 'all' | 'none';
  /** The input of each started run. */
  readonly input?: In;
}
