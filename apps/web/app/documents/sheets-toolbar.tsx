import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { IconArrowsHorizontal, IconChevronDown, IconChevronUp, IconMinus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type Zoom, zoomed } from './zoom.js';
import classes from './documents.module.css';

interface SheetsToolbarProps {
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  readonly scale: number;
  readonly zoom: Zoom;
  readonly onPage: (page: number) => void;
  readonly onZoom: (zoom: Zoom) => void;
}

export function SheetsToolbar({ page, pages, scale, zoom, onPage, onZoom }: SheetsToolbarProps) {
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="How it is shown">
      {pages > 1 ? (
        <div className={classes.tools}>
          <ActionIcon data-action="document.previous" aria-label="Previous page" disabled={page <= 1} onClick={() => onPage(page - 1)}>
            <IconChevronUp size={16} />
          </ActionIcon>
          <PageInput key={page} page={page} onPage={onPage} />
          <span className="numbers">of {pages}</span>
          <ActionIcon data-action="document.next" aria-label="Next page" disabled={page >= pages} onClick={() => onPage(page + 1)}>
            <IconChevronDown size={16} />
          </ActionIcon>
        </div>
      ) : null}
      <div className={classes.tools}>
        <ActionIcon data-action="document.smaller" aria-label="Smaller" onClick={() => onZoom(zoomed(scale, -1))}>
          <IconMinus size={16} />
        </ActionIcon>
        <Tooltip label="As large as it is">
          <UnstyledButton className={`numbers ${classes.percent}`} aria-label={`${percent(scale)}, show at 100%`} onClick={() => onZoom(1)}>
            {percent(scale)}
          </UnstyledButton>
        </Tooltip>
        <ActionIcon data-action="document.larger" aria-label="Larger" onClick={() => onZoom(zoomed(scale, 1))}>
          <IconPlus size={16} />
        </ActionIcon>
        <Tooltip label="Fit the width">
          <ActionIcon data-action="document.fit" aria-label="Fit the width" aria-pressed={zoom === 'fit'} onClick={() => onZoom('fit')}>
            <IconArrowsHorizontal size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  );
}

function PageInput({ page, onPage }: { readonly page: number; readonly onPage: (page: number) => void }) {
  const [typed, setTyped] = useState(String(page));
  return (
    <input
      className={`numbers ${classes.page}`}
      aria-label="Page"
      inputMode="numeric"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={() => setTyped(String(page))}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && /^\d+$/.test(typed)) onPage(Number(typed));
      }}
    />
  );
}

function percent(scale: number): string {
  return `${Math.round(scale * 100)}%`;
}
