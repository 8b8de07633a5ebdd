/**
 * Who sees which figures, on every way to them: an operator those of everybody, a reviewer his own. Figures about a colleague's speed are
 * for those who plan the work, not for everybody who shares it.
 */
import { includesRole, type Role, StepwellError } from '@stepwell/contracts';
import type { TeamFilter } from '@stepwell/storage';

export interface TeamViewer {
  readonly tenant: string;
  readonly id: string;
  readonly role: Role;
}

export interface FilterRequest {
  readonly workflow?: string | null;
  readonly screen?: string | null;
  /** Of an actor. */
  readonly reviewer?: string | null;
}

export function seesOthers({ role }: Pick<TeamViewer, 'role'>): boolean {
  return includesRole(role, 'operator');
}

/** @throws StepwellError FORBIDDEN for a reviewer who asks about somebody else; INPUT_INVALID */
export function teamScope(viewer: TeamViewer, { workflow, screen, reviewer }: FilterRequest): TeamFilter {
  const of = checked('reviewer', reviewer);
  if (!seesOthers(viewer) && of !== null && of !== viewer.id) throw new StepwellError('FORBIDDEN');
  return {
    workflow: checked('workflow', workflow),
    screen: checked('screen', screen),
    reviewer: seesOthers(viewer) ? of : viewer.id,
  };
}

/** PostgreSQL takes no NUL in a text. */
function checked(field: string, text: string | null | undefined): string | null {
  if (text?.includes('\0')) throw new StepwellError('INPUT_INVALID', { reason: `filter.${field} holds the character NUL; leave it out.` });
  return text ?? null;
}
