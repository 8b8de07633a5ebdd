// Sheets below each other, as pages of a PDF or as the one sheet of a picture: zoom, keys, and only those in the DOM that are near.
import { useDebouncedValue, useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { use, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import type { Key } from '../actions/key.js';
import { useActions } from '../actions/use-actions.js';
import type { DocumentReference } from './document-reference.js';
import { EvidenceBoxes } from './evidence-boxes.js';
import { EvidenceContext } from './evidence-context.js';
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

/** A key is one while the focus is in the document. */
const within = (key: string): Key => ({ key, within: '[data-document]' });

interface SheetsProps {
  readonly document: DocumentReference;
  readonly sizes: readonly Size[];
  /** @param width in CSS pixels */
  readonly renderSheet: (index: number, width: number) => ReactNode;
}

export function Sheets({ document, sizes, renderSheet }: SheetsProps) {
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
  // Where there is more beside what is shown, the arrows scroll to it.
  const turnsBy = (arrow: string) => (widest * scale > room ? [] : [within(arrow)]);
  useActions('item', 'Document', [
    { id: 'document.larger', name: 'Show the document larger', keys: [within('+'), within('=')], run: () => setZoom(zoomed(scale, 1)) },
    { id: 'document.smaller', name: 'Show the document smaller', keys: [within('-')], run: () => setZoom(zoomed(scale, -1)) },
    { id: 'document.fit', name: 'Show the document as wide as its pane', keys: [within('0')], run: () => setZoom('fit') },
    ...(sizes.length === 1
      ? []
      : [
          { id: 'document.next', name: 'Next page of the document', keys: turnsBy('ArrowRight'), run: () => goTo(shown + 1) },
          { id: 'document.previous', name: 'Previous page of the document', keys: turnsBy('ArrowLeft'), run: () => goTo(shown - 1) },
        ]),
  ]);

  const { wanted } = use(EvidenceContext);
  const isSized = width > 0;
  const latestScale = useRef(scale);
  latestScale.current = scale;
  useEffect(() => {
    if (!isSized || !viewport.current || wanted?.spot.document.id !== document.id) return;
    const { page, box } = wanted.spot;
    const size = sizes[page - 1];
    if (!size) return;
    const above = sizes.slice(0, page - 1).reduce((sum, { height }) => sum + height * latestScale.current + GAP, GAP);
    const { clientHeight, clientWidth } = viewport.current;
    const [left, top] = [box[0] * size.width * latestScale.current, box[1] * size.height * latestScale.current];
    viewport.current.scrollTo({ top: above + top - clientHeight / 3, left: GAP + left - clientWidth / 3 });
  }, [wanted, document.id, sizes, isSized]);

  return (
    <>
      <SheetsToolbar page={shown + 1} pages={sizes.length} scale={scale} zoom={zoom} onPage={(page) => goTo(page - 1)} onZoom={setZoom} />
      <div ref={ref} className={classes.viewport} data-document tabIndex={0} role="group" aria-label={`Content of ${document.fileName}`}>
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
                <EvidenceBoxes document={document} page={index + 1} />
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}
