// Where an instant stands on the timeline. A run works for milliseconds and then waits for hours; to scale, all work would be one pixel.
// The compressed scale gives every stretch between two happenings a width by the logarithm of its length, so order and nesting stay true and
// nothing vanishes. The exact scale is there for whoever wants to compare lengths.

export type ScaleMode = 'compressed' | 'exact';

export interface TimeScale {
  /** From 0 (the first instant) to 1 (the last one). */
  readonly position: (at: number) => number;
  /** Marks with room between them. */
  readonly ticks: readonly { readonly at: number; readonly position: number }[];
}

/** No stretch is narrower than this share of an average one: what took no time is still seen. */
const LEAST = 0.35;
/** The least distance of two marks, as a share of the width: enough for "12 min 40 s". */
const TICK_GAP = 0.14;

export function timeScale(instants: readonly number[], mode: ScaleMode): TimeScale {
  const stops = [...new Set(instants)].sort((a, b) => a - b);
  const [first = 0] = stops;
  const last = stops.at(-1) ?? first;
  if (first === last) return { position: () => 0, ticks: [{ at: first, position: 0 }] };
  const offsets = mode === 'exact' ? stops.map((stop) => (stop - first) / (last - first)) : compressed(stops);
  const position = (at: number) => interpolate(stops, offsets, at);
  return { position, ticks: mode === 'exact' ? evenTicks(first, last) : spaced(stops, offsets) };
}

function compressed(stops: readonly number[]): readonly number[] {
  const widths = stops.slice(1).map((stop, index) => LEAST + Math.log10(1 + stop - (stops[index] ?? stop)));
  const whole = widths.reduce((sum, width) => sum + width, 0);
  let reached = 0;
  return [0, ...widths.map((width) => (reached += width) / whole)];
}

function interpolate(stops: readonly number[], offsets: readonly number[], at: number): number {
  const next = stops.findIndex((stop) => stop >= at);
  if (next < 0) return 1;
  if (next === 0) return 0;
  const [from = 0, to = 0] = [stops[next - 1], stops[next]];
  const [start = 0, end = 1] = [offsets[next - 1], offsets[next]];
  return start + ((at - from) / (to - from)) * (end - start);
}

function evenTicks(first: number, last: number): TimeScale['ticks'] {
  return [0, 0.25, 0.5, 0.75, 1].map((position) => ({ at: first + position * (last - first), position }));
}

function spaced(stops: readonly number[], offsets: readonly number[]): TimeScale['ticks'] {
  const ticks = [{ at: stops[0] ?? 0, position: 0 }];
  stops.forEach((at, index) => {
    const position = offsets[index] ?? 0;
    const isLast = index === stops.length - 1;
    const before = ticks.at(-1)?.position ?? 0;
    if (position - before >= TICK_GAP && (isLast || 1 - position >= TICK_GAP)) ticks.push({ at, position });
  });
  return ticks;
}
