// Sheets below each other, as pages of a PDF or as the one sheet of a picture: zoom, keys, and only those in the DOM that are near.
import { useDebouncedValue, useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { SheetsToolbar } from './sheets-toolbar.js';
import { scaleOf, type Zoom, zoomed } from './zoom.js';
import classes from './documents.module.css';

/** In CSS pixels at a scale of 1. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Around and between sheets. */
const GAP = 10;
/** While the splitter is dragged pages are not drawn anew for each pixel. */
const SETTLED_MS = 120;

interface SheetsProps {
  /** Of the document. */
  readonly name: string;
  readonly sizes: readonly Size[];
  /** @param width in CSS pixels */
  readonly renderSheet: (index: number, width: number) => ReactNode;
}

export function Sheets({ name, sizes, renderSheet }: SheetsProps) {
  const viewport = useRef<HTMLDivElement>(null);
  const { ref: measured, width } = useElementSize();
  const ref = useMergedRef(viewport, measured);
  const [settled] = useDebouncedValue(width, SETTLED_MS);
  const room = (settled || width) - 2 * GAP;
  const [zoom, setZoom] = useState<Zoom>('fit');
  const widest = Math.max(...sizes.map((size) => size.width));
  const scale = scaleOf(zoom, Math.max(room, 50), widest);

  const virtual = useVirtualizer({
    count: width > 0 ? sizes.length : 0,
    getScrollElement: () => viewport.current,
    estimateSize: (index) => (sizes[index]?.height ?? 0) * scale + GAP,
    overscan: 1,
    paddingStart: GAP,
  });
  const scaleBefore = useRef(scale);
  useLayoutEffect(() => {
    virtual.measure();
    if (viewport.current) viewport.current.scrollTop *= scale / scaleBefore.current;
    scaleBefore.current = scale;
  }, [virtual, scale, sizes]);

  const shown = virtual.getVirtualItemForOffset((virtual.scrollOffset ?? 0) + (viewport.current?.clientHeight ?? 0) / 3)?.index ?? 0;
  const goTo = (index: number) => virtual.scrollToIndex(Math.min(sizes.length - 1, Math.max(0, index)), { align: 'start' });
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isWide = event.currentTarget.scrollWidth > event.currentTarget.clientWidth;
    const action = {
      '+': () => setZoom(zoomed(scale, 1)),
      '=': () => setZoom(zoomed(scale, 1)),
      '-': () => setZoom(zoomed(scale, -1)),
      '0': () => setZoom('fit'),
      // Where there is more beside what is shown, these scroll to it.
      ...(isWide ? {} : { ArrowLeft: () => goTo(shown - 1), ArrowRight: () => goTo(shown + 1) }),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };

  return (
    <>
      <SheetsToolbar page={shown + 1} pages={sizes.length} scale={scale} zoom={zoom} onPage={(page) => goTo(page - 1)} onZoom={setZoom} />
      <div ref={ref} className={classes.viewport} tabIndex={0} role="group" aria-label={`Content of ${name}`} onKeyDown={onKeyDown}>
        <div className={classes.sheets} style={{ height: virtual.getTotalSize(), minWidth: widest * scale + 2 * GAP }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const size = sizes[index] ?? { width: 0, height: 0 };
            const [sheetWidth, sheetHeight] = [size.width * scale, size.height * scale];
            return (
              <div
                key={index}
                className={classes.sheet}
                style={{ top: start, width: sheetWidth, height: sheetHeight }}
                data-page={index + 1}
              >
                {renderSheet(index, sheetWidth)}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}
