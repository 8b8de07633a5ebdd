/** Of which tasks a team's figures are. */
export interface TeamFilter {
  readonly workflow: string | null;
  readonly screen: string | null;
  /** Only what this actor has decided; of open tasks, what he holds or is assigned. */
  readonly reviewer: string | null;
}

/** One statement looks at no more tasks than this: beyond it there are no figures, instead of wrong ones. It takes PostgreSQL some two seconds. */
export const MOST_TASKS = 200_000;
