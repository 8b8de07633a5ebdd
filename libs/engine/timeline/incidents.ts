/** The open incidents of a run, for people: what a person has to look at before the run goes on. */
import { isTerminal } from '@stepwell/contracts';
import { fold } from '../apply.js';
import { type Fact, payloadOf } from '../facts/fact.js';
import type { IncidentOpenedPayload } from '../facts/incident.facts.js';
import type { StepFault } from '../facts/step-fault.js';

export interface Incident {
  readonly path: string;
  readonly iteration: string;
  /** The last attempt of the step. */
  readonly attempt: number;
  /** An incident cause; of a newer build maybe one that this one does not know. */
  readonly cause: string;
  readonly fault: StepFault;
  /** Number of the fact that opened it. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/**
 * @param facts the whole journal, in order
 * @throws Error when this build cannot fold it
 */
export function incidentsOf(facts: readonly Fact[]): Incident[] {
  const { status, nodes } = fold(facts);
  if (isTerminal(status)) return [];
  return [...nodes.values()].flatMap(({ phase, path, iteration, attempt }) => {
    if (phase !== 'incident') return [];
    const opened = facts.findLast((fact) => fact.type === 'incident.opened' && fact.path === path && fact.iteration === iteration);
    return opened ? [{ path, iteration, attempt, ...payloadOf<IncidentOpenedPayload>(opened), seq: opened.seq, since: opened.at }] : [];
  });
}
