/** Stacks of errors name files of the server: those who operate it read them, others do not. */
import type { Viewer } from '@stepwell/access';
import { includesRole, type Json, type JsonObject, Role } from '@stepwell/contracts';

export function readsStacks({ role }: Viewer): boolean {
  return includesRole(role, Role.operator);
}

/** What is left of a fact's payload without the stacks of the faults in it, at whatever depth they are. */
export function withoutStacks(payload: Json): Json {
  if (payload === null || typeof payload !== 'object') return payload;
  if (Array.isArray(payload)) return payload.map(withoutStacks);
  const object = payload as JsonObject;
  const isFault = ['code', 'message', 'stack'].every((field) => typeof object[field] === 'string');
  const kept = Object.entries(object).filter(([field]) => !(isFault && field === 'stack'));
  return Object.fromEntries(kept.map(([field, value]) => [field, withoutStacks(value)]));
}
