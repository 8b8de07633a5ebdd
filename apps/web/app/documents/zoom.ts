// How large sheets are shown. `fit`: as wide as the pane, whatever its width.

export type Zoom = number | 'fit';

const STEP = 1.25;
const LEAST = 0.1;
const MOST = 5;
/** A small picture is not blown up. */
const MOST_FITTING = 2;

/** @param scale as it is now, also where it comes from the pane */
export function zoomed(scale: number, direction: 1 | -1): number {
  const next = direction === 1 ? scale * STEP : scale / STEP;
  return Math.min(MOST, Math.max(LEAST, next));
}

/**
 * @param room pixels between the edges of the pane
 * @param widest sheet, in pixels at a scale of 1
 */
export function scaleOf(zoom: Zoom, room: number, widest: number): number {
  return zoom === 'fit' ? Math.min(MOST_FITTING, Math.max(LEAST, room / widest)) : zoom;
}
