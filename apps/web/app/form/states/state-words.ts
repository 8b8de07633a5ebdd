import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconSparkles } from '@tabler/icons-react';
import type { FieldState, FieldStateName } from './field-states.js';

export const STATE_ICONS = {
  suggested: IconSparkles,
  confirmed: IconCircleCheck,
  open: IconCircleDashed,
  failed: IconAlertTriangle,
} as const;

/** `3 suggested, 1 open`; what there is none of is not named. */
export function summaryOf(counts: Readonly<Record<FieldStateName, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

export function wordsOf({ state, confidence, isConfirmable }: FieldState): string {
  const sure = confidence === null ? '' : `, ${percent(confidence)} sure`;
  switch (state) {
    case 'suggested':
      return `Suggested${sure}`;
    case 'open':
      return isConfirmable ? `Open: suggested${sure}` : 'Open: needs a value';
    case 'confirmed':
      return 'Confirmed';
    case 'failed':
      return 'Failed: see what is wrong with it';
    default:
      return '';
  }
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
