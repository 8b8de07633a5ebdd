/**
 * One line of the export as a record: names, types and what makes a line unreadable.
 *
 * Readable means: 14 cells, all filled except the speed, a calendar date, whole non-negative dollars, a whole speed or none. What the
 * values mean (the damage above all) is not judged here; that is the processor's work. Every fault of a line is named, not only the
 * first, so that one look at the ledger is enough to mend the source.
 */
const COLUMNS = [
  'Airport Name',
  'Aircraft Make Model',
  'Effect Amount of damage',
  'Flight Date',
  'Aircraft Airline Operator',
  'Origin State',
  'Phase of flight',
  'Wildlife Size',
  'Wildlife Species',
  'Time of day',
  'Cost Other',
  'Cost Repair',
  'Cost Total $',
  'Speed IAS in knots',
] as const;

/** A wildlife-strike report as it is emitted: the input of the processor. */
export interface StrikeRecord {
  /** The record key. */
  readonly id: string;
  readonly airport: string;
  readonly aircraft: string;
  /** As reported: None, Minor, Medium, Substantial, C or B. */
  readonly damage: string;
  /** `YYYY-MM-DD`. */
  readonly flightDate: string;
  readonly operator: string;
  readonly originState: string;
  readonly phase: string;
  readonly wildlifeSize: string;
  readonly species: string;
  readonly timeOfDay: string;
  /** Whole US dollars, as are the other costs. */
  readonly costOther: number;
  readonly costRepair: number;
  readonly costTotal: number;
  /** Indicated airspeed; `null` when it was not reported. */
  readonly speedKnots: number | null;
}

/** A line's values, or every reason why it has none. */
export type RowReading =
  { readonly ok: true; readonly values: Omit<StrikeRecord, 'id'> } | { readonly ok: false; readonly reasons: readonly string[] };

/** True when these are the headings this module knows, in their order. */
export function isKnownHeading(cells: readonly string[]): boolean {
  return cells.length === COLUMNS.length && COLUMNS.every((column, index) => cells[index] === column);
}

/** Reads the cells of one line. */
export function readRow(cells: readonly string[]): RowReading {
  if (cells.length !== COLUMNS.length)
    return { ok: false, reasons: [`The line has ${cells.length} cells; ${COLUMNS.length} are expected.`] };
  const reasons: string[] = [];
  const refuse = (index: number, what: string): void => void reasons.push(`${COLUMNS[index]} ${what}.`);

  const text = (index: number): string => {
    const value = (cells[index] ?? '').trim();
    if (value === '') refuse(index, 'is empty');
    return value;
  };
  const date = (index: number): string => {
    const value = text(index);
    if (value !== '' && !isCalendarDate(value)) refuse(index, `"${brief(value)}" is not a date (YYYY-MM-DD)`);
    return value;
  };
  const whole = (index: number, unit: string): number => {
    const value = text(index);
    // Twelve digits: beyond any cost, and far below what a number holds exactly.
    if (value !== '' && !/^\d{1,12}$/.test(value)) refuse(index, `"${brief(value)}" is not a whole number of ${unit}`);
    return Number(value);
  };
  const wholeOrNone = (index: number, unit: string): number | null => ((cells[index] ?? '').trim() === '' ? null : whole(index, unit));

  const values = {
    airport: text(0),
    aircraft: text(1),
    damage: text(2),
    flightDate: date(3),
    operator: text(4),
    originState: text(5),
    phase: text(6),
    wildlifeSize: text(7),
    species: text(8),
    timeOfDay: text(9),
    costOther: whole(10, 'dollars'),
    costRepair: whole(11, 'dollars'),
    costTotal: whole(12, 'dollars'),
    speedKnots: wholeOrNone(13, 'knots'),
  };
  return reasons.length === 0 ? { ok: true, values } : { ok: false, reasons };
}

function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // A day that does not exist (February 30th) is either no date at all or rolls over to another one.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function brief(value: string): string {
  const characters = [...value];
  return characters.length <= 40 ? value : `${characters.slice(0, 40).join('')}...`;
}
