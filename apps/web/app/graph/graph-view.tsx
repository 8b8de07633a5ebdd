// The drawing of a graph, loaded when a page shows one: reading lists needs none of it.
import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { GraphProps } from './graph-canvas.js';

const GraphCanvas = lazy(() => import('./graph-canvas.js'));

export function GraphView(props: GraphProps) {
  return (
    <Suspense fallback={<Skeleton height={320} radius="md" role="status" aria-label="Loading the graph" />}>
      <GraphCanvas {...props} />
    </Suspense>
  );
}
