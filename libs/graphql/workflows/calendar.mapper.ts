import type { WorkflowCatalog } from '@stepwell/engine';
import type { BusinessCalendar, CalendarDay } from '@stepwell/sdk';
import type { CalendarObject, CalendarUseObject, OpeningObject } from './calendar.object.js';

/** The calendar itself goes along, for the fields that count by it. */
export interface ListedCalendar extends CalendarObject {
  readonly calendar: BusinessCalendar;
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Those with a name first, then the own ones of workflows; each in the order of the alphabet. */
export function listedCalendars(catalog: WorkflowCatalog): readonly ListedCalendar[] {
  const found = new Map<BusinessCalendar | string, { readonly calendar: BusinessCalendar; readonly usedBy: CalendarUseObject[] }>();
  for (const { definition } of catalog.all()) {
    const { calendar, name: workflow, version, title } = definition;
    if (!calendar) continue;
    // Of one name they count alike: the boot has seen to it.
    const key = calendar.name ?? calendar;
    const known = found.get(key) ?? { calendar, usedBy: [] };
    found.set(key, known);
    known.usedBy.push({ workflow, version, title });
  }
  return [...found.values()].map(({ calendar, usedBy }) => listed(calendar, usedBy)).sort(namedFirst);
}

export function openingObjects(openings: CalendarDay['openings']): OpeningObject[] {
  return openings.map(({ from, to }) => ({ from: new Date(from), to: new Date(to) }));
}

function listed(calendar: BusinessCalendar, usedBy: readonly CalendarUseObject[]): ListedCalendar {
  const { name, zone, place, week } = calendar;
  const [first] = usedBy;
  return {
    ...{ calendar, name, zone, usedBy },
    // No name holds an "@".
    id: name ?? `${first?.workflow}@${first?.version}`,
    place: place && [place.country, place.state, place.region].filter((one) => one !== undefined).join(', '),
    week: week.map((hours, index) => ({
      weekday: WEEKDAYS[index] ?? '',
      hours: hours.map(({ from, to }) => `${clockTime(from)}-${clockTime(to)}`),
    })),
  };
}

/** @param minute of the local day */
function clockTime(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

function namedFirst(a: ListedCalendar, b: ListedCalendar): number {
  if ((a.name === null) !== (b.name === null)) return a.name === null ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}
