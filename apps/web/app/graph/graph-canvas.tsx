// A canvas as wide as its place and as tall as the graph, so that most graphs are read as a part of the page. What does not fit is reached
// by dragging, by the buttons, or by the keyboard: Tab goes from node to node and brings each into view, Enter chooses it.
import '@xyflow/react/dist/base.css';
import { useElementSize, useReducedMotion } from '@mantine/hooks';
import { MarkerType, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type NodeChange } from '@xyflow/react';
import { useEffect, useMemo } from 'react';
import { BOX_TYPES, type BoxNode } from './graph-boxes.js';
import { GraphControls } from './graph-controls.js';
import type { StateOf } from './graph-state.js';
import type { DrawnGraph } from './graph.fragment.js';
import { kindWord, optionWords } from './node-words.js';
import { layOut, type Box, type GraphLayout } from './lay-out.js';
import classes from './graph.module.css';

const MARGIN = 16;
/** Smaller text cannot be read: a wider graph is dragged instead. */
const MIN_ZOOM = 0.55;
/** Taller than several screens, a drawing is dragged too. */
const MAX_HEIGHT = 3_200;

export interface GraphProps {
  readonly graph: DrawnGraph;
  /** What a screen reader calls the drawing. */
  readonly label: string;
  /** How each node stands in one run; without it the graph is drawn as a plan. */
  readonly stateOf?: StateOf | undefined;
  /** The path of the chosen node. */
  readonly selected?: string | undefined;
  /** A node was chosen; undefined when the choice was taken back. */
  readonly onSelect?: ((path: string | undefined) => void) | undefined;
}

const WORDS = {
  'node.a11yDescription.default': 'Press Enter to see what is known of it, Escape to leave it.',
  'node.a11yDescription.keyboardDisabled': 'Press Enter to see what is known of it, Escape to leave it.',
  'edge.a11yDescription.default': '',
};

export default function GraphCanvas(props: GraphProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ graph, label, stateOf, selected, onSelect }: GraphProps) {
  const layout = useMemo(() => layOut(graph, (path) => stateOf?.(path)?.chain?.length ?? 0), [graph, stateOf]);
  const { ref, width } = useElementSize();
  const zoom = Math.min(1, Math.max(MIN_ZOOM, (width - 2 * MARGIN) / layout.width));
  const x = (width - layout.width * zoom) / 2;
  const { setViewport } = useReactFlow();
  const isStill = useReducedMotion();
  useEffect(() => {
    if (width > 0) void setViewport({ x, y: MARGIN, zoom });
  }, [setViewport, width, x, zoom]);

  const nodes = useMemo(() => layout.boxes.map((box) => boxNode(box, stateOf, selected)), [layout, stateOf, selected]);
  const edges = useMemo(() => edgesOf(layout), [layout]);
  const onNodesChange = (changes: NodeChange<BoxNode>[]) => {
    const chosen = changes.find((change) => change.type === 'select' && change.selected);
    if (chosen?.type === 'select') onSelect?.(chosen.id);
    else if (changes.some((change) => change.type === 'select' && change.id === selected)) onSelect?.(undefined);
  };
  return (
    <div
      ref={ref}
      className={classes.canvas}
      style={{ height: Math.min(MAX_HEIGHT, layout.height * zoom + 2 * MARGIN) }}
      role="group"
      aria-label={label}
    >
      <ReactFlow<BoxNode>
        elevateNodesOnSelect={false}
        nodes={nodes}
        edges={edges}
        nodeTypes={BOX_TYPES}
        onNodesChange={onNodesChange}
        ariaLabelConfig={WORDS}
        minZoom={0.2}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        elementsSelectable={onSelect !== undefined}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        deleteKeyCode={null}
        // The wheel scrolls the page; with Ctrl or by pinching it zooms.
        zoomOnScroll={false}
        preventScrolling={false}
        zoomOnDoubleClick={false}
        proOptions={{ hideAttribution: true }}
      >
        <GraphControls isStill={isStill} />
      </ReactFlow>
    </div>
  );
}

function boxNode({ id, x, y, width, height, shape }: Box, stateOf: GraphProps['stateOf'], selected: string | undefined): BoxNode {
  const isNode = shape.is === 'leaf' || shape.is === 'frame';
  const state = isNode ? stateOf?.(id) : undefined;
  return {
    id,
    type: shape.is,
    position: { x, y },
    width,
    height,
    data: { shape, state, isPlan: stateOf === undefined },
    selected: id === selected,
    selectable: isNode,
    focusable: isNode,
    // Lines lie above frames and below everything else.
    zIndex: shape.is === 'frame' ? 0 : 2,
    ...(isNode ? { ariaLabel: ariaLabel(shape.node, state, stateOf !== undefined), ariaRole: 'group' as const } : {}),
  };
}

function ariaLabel(
  node: Parameters<typeof optionWords>[0] & { kind: string; label: string },
  state: BoxNode['data']['state'],
  isRun: boolean,
) {
  const chain = state?.chain?.map(({ words, note }) => [words, note].filter(Boolean).join(' ')) ?? [];
  const status = state ? [state.status, state.note, ...chain] : isRun ? ['not reached'] : [];
  return [`${kindWord(node.kind)} ${node.label}`, ...optionWords(node), ...status].filter(Boolean).join(', ');
}

function edgesOf({ lines }: GraphLayout): Edge[] {
  return lines.map(({ from, to }) => ({
    id: `${from} > ${to}`,
    source: from,
    target: to,
    type: 'straight',
    zIndex: 1,
    selectable: false,
    focusable: false,
    markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--edge)', width: 14, height: 14 },
  }));
}
