// What the page of agreement looks at, as it stands in the address: /agreement?workflow=strike-review&days=30
import { anyText, understood } from '../list/understood.js';

export interface AgreementSearch {
  /** Absent: all. */
  readonly workflow?: string;
  /** Absent: the usual ones. */
  readonly days?: number;
}

export const PERIODS = [7, 30, 90, 365] as const;
export const USUAL_DAYS = 90;

export function readAgreementSearch({ workflow, days }: Record<string, unknown>): AgreementSearch {
  return {
    ...(typeof workflow === 'string' && workflow !== '' ? { workflow } : {}),
    ...(PERIODS.some((period) => period === days) && days !== USUAL_DAYS ? { days: days as number } : {}),
  };
}

export const AGREEMENT_ADDRESS = understood(readAgreementSearch, {
  workflow: anyText,
  days: (word) => PERIODS.some((period) => String(period) === word),
});
