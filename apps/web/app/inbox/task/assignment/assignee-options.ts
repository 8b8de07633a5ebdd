// Whom a task may be given to, as a list to choose from: people, then groups.
import type { Person } from './assignment.query.js';

export interface AssigneeOptions {
  readonly group: string;
  readonly items: readonly { readonly value: string; readonly label: string }[];
}

/** A person, or a group. */
export type NewAssignee = { user: string } | { groups: string[] };

export function assigneeOptions(people: readonly Person[]): AssigneeOptions[] {
  const groups = [...new Set(people.flatMap((person) => person.groups))].sort();
  return [
    { group: 'People', items: people.map((person) => ({ value: `user:${person.name}`, label: labelOf(person, people) })) },
    { group: 'Groups', items: groups.map((group) => ({ value: `group:${group}`, label: group })) },
  ].filter(({ items }) => items.length > 0);
}

/** @param value of an option */
export function newAssignee(value: string): NewAssignee {
  const name = value.slice(value.indexOf(':') + 1);
  return value.startsWith('user:') ? { user: name } : { groups: [name] };
}

function labelOf({ name, displayName, awayUntil, substitute }: Person, people: readonly Person[]): string {
  const own = displayName === name ? name : `${displayName} (${name})`;
  if (!awayUntil || !substitute) return own;
  const other = people.find((person) => person.name === substitute)?.displayName ?? substitute;
  return `${own}, away: ${other} stands in`;
}
