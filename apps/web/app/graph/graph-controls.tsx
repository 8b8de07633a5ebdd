import { ActionIcon } from '@mantine/core';
import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import { Panel, useReactFlow } from '@xyflow/react';
import classes from './graph.module.css';

export function GraphControls({ isStill }: { readonly isStill: boolean }) {
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const options = { duration: isStill ? 0 : 160 };
  return (
    <Panel position="top-right" className={classes.controls}>
      <ActionIcon size="sm" aria-label="Larger" onClick={() => void zoomIn(options)}>
        <IconPlus size={14} />
      </ActionIcon>
      <ActionIcon size="sm" aria-label="Smaller" onClick={() => void zoomOut(options)}>
        <IconMinus size={14} />
      </ActionIcon>
      <ActionIcon size="sm" aria-label="Show all of the graph" onClick={() => void fitView({ ...options, padding: 0.04, maxZoom: 1 })}>
        <IconMaximize size={14} />
      </ActionIcon>
    </Panel>
  );
}
