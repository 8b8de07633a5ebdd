/** The calendars of workflows as statements read them: by how much open time has passed until each opening. */
import type { WorkflowCatalog } from '@stepwell/engine';
import type { BusinessCalendar } from '@stepwell/sdk';
import type { WorkflowHours } from '@stepwell/storage';

/** How long before the period a task may have been opened, to be counted from its opening: one that waited longer is counted from then. */
const REACH_MS = 366 * 86_400_000;

type Hours = Omit<WorkflowHours, 'workflow'>;

/** A year of days takes some milliseconds to look up, and is the same all day. */
const known = new WeakMap<BusinessCalendar, { readonly from: number; readonly until: number; readonly hours: Hours }>();

/** Of each workflow that has a calendar, as its current version has it. @param until no task ends later; the end of a day */
export function workflowHours(catalog: WorkflowCatalog, from: Date, until: Date): readonly WorkflowHours[] {
  return catalog.current().flatMap(({ definition: { name, calendar } }) => {
    if (!calendar) return [];
    return [{ workflow: name, ...hoursOf(calendar, from.getTime() - REACH_MS, until.getTime()) }];
  });
}

function hoursOf(calendar: BusinessCalendar, from: number, until: number): Hours {
  const kept = known.get(calendar);
  if (kept?.from === from && kept.until === until) return kept.hours;
  const openings = calendar.openings(from, until);
  let passed = 0;
  const before = openings.map((opening) => (passed += opening.to - opening.from) - (opening.to - opening.from));
  const hours = { starts: openings.map((one) => one.from), ends: openings.map((one) => one.to), before };
  known.set(calendar, { from, until, hours });
  return hours;
}
