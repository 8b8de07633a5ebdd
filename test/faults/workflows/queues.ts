/** Served by some of the workers: whoever has the run and does not serve it leaves the step to one of those. */
export const APART = 'apart';
