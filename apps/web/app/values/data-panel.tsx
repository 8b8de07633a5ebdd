// One value of a run (its input, a step's output) with the choice of how to look at it: laid out for reading, or the JSON itself.
import { ActionIcon, CopyButton, SegmentedControl, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { Json } from '../graphql.js';
import { JsonTree } from './json-tree.js';
import { isScalar } from './shape.js';
import { ValueView } from './value-view.js';
import classes from './data-panel.module.css';

interface DataPanelProps {
  readonly title: ReactNode;
  readonly value: Json;
  /** For the buttons' labels, when the title is not text. */
  readonly label: string;
}

export function DataPanel({ title, value, label }: DataPanelProps) {
  const [view, setView] = useState('reading');
  return (
    <section className={classes.panel} aria-label={label}>
      <header className={classes.header}>
        <h3 className={classes.title}>{title}</h3>
        {isScalar(value) ? null : (
          <SegmentedControl
            size="xs"
            value={view}
            onChange={setView}
            aria-label={`How to show ${label}`}
            data={[
              { value: 'reading', label: 'Reading' },
              { value: 'json', label: 'JSON' },
            ]}
          />
        )}
        <CopyButton value={JSON.stringify(value, null, 2)} timeout={1500}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy as JSON'}>
              <ActionIcon onClick={copy} aria-label={`Copy ${label} as JSON`} size="sm">
                {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </header>
      <div className={classes.body}>{view === 'json' ? <JsonTree value={value} /> : <ValueView value={value} />}</div>
    </section>
  );
}
