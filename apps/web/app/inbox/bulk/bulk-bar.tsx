// What is chosen, and what can be done to all of it.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../session/session.js';
import type { InboxFilter } from '../inbox-filter.js';
import { type BulkAction } from './bulk-actions.js';
import { BulkDialog } from './bulk-dialog.js';
import { SelectMatching } from './select-matching.js';
import { type ChosenTask, counted, mayRelease } from './selection.js';
import type { Selecting } from './use-selection.js';
import classes from './bulk.module.css';

interface BulkBarProps {
  readonly selecting: Selecting;
  readonly rows: readonly ChosenTask[];
  readonly hasMore: boolean;
  readonly filter: InboxFilter;
  readonly onChanged: () => void;
}

const SMALL = { size: 'compact-xs', variant: 'default' } as const;

export function BulkBar({ selecting, rows, hasMore, filter, onChanged }: BulkBarProps) {
  const { chosen, has, add, drop, clear } = selecting;
  const mayOperate = useMay('operator');
  // What is confirmed is what was chosen when it was asked for, whatever the list does meanwhile.
  const [asked, setAsked] = useState<{ readonly what: BulkAction; readonly tasks: readonly ChosenTask[] }>();
  const ask =
    (what: BulkAction, tasks = chosen) =>
    () =>
      setAsked({ what, tasks });
  const held = chosen.filter((one) => mayRelease(one, mayOperate));
  const elsewhere = chosen.length - rows.filter(({ id }) => has(id)).length;
  const areAllShown = rows.every(({ id }) => has(id));
  return (
    <>
      {chosen.length === 0 ? null : (
        <section className={classes.bar} aria-label="Selected tasks">
          <div className={classes.line}>
            <b className="numbers">{counted(chosen.length)} selected</b>
            {elsewhere > 0 ? <span className={classes.soft}>{elsewhere.toLocaleString('en')} of them not shown here</span> : null}
            {areAllShown ? (
              hasMore && <SelectMatching filter={filter} chosen={chosen.length} onFound={add} />
            ) : (
              <Button size="compact-xs" variant="subtle" onClick={() => add(rows)}>
                Select all {rows.length} on this page
              </Button>
            )}
          </div>
          <div className={classes.line}>
            {chosen.some(({ bulk }) => bulk !== null) ? (
              <Button {...SMALL} variant="filled" onClick={ask('decide')}>
                Decide…
              </Button>
            ) : null}
            {mayOperate ? (
              <Button {...SMALL} onClick={ask('assign')}>
                Assign…
              </Button>
            ) : null}
            {held.length > 0 ? (
              <Button {...SMALL} onClick={ask('release', held)}>
                Release{held.length < chosen.length ? ` ${held.length.toLocaleString('en')}` : ''}…
              </Button>
            ) : null}
            {mayOperate ? (
              <Button {...SMALL} onClick={ask('prioritize')}>
                Priority…
              </Button>
            ) : null}
            <Button {...SMALL} variant="subtle" onClick={clear}>
              Clear
            </Button>
            {mayOperate ? null : <span className={classes.soft}>Only operators assign or set priorities here.</span>}
          </div>
        </section>
      )}
      {asked ? (
        <BulkDialog
          {...asked}
          onEnded={(done) => {
            drop(done);
            onChanged();
          }}
          onClose={() => setAsked(undefined)}
        />
      ) : null}
    </>
  );
}
