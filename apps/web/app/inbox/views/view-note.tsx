import { Button, Pill } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../../connection/request-error.js';
import { toListing, type InboxFilter } from '../inbox-filter.js';
import { SaveView } from './save-view.js';
import type { Views } from './use-views.js';
import { SaveInboxView, type InboxView } from './views.query.js';
import classes from './view-note.module.css';

interface ViewNoteProps {
  /** Of the address. */
  readonly filter: InboxFilter;
  readonly view: InboxView;
  /** Whether the controls have all of its conditions. */
  readonly isShown: boolean;
  readonly views: Views;
  readonly onOpen: (search: InboxFilter) => void;
}

/** Which view the list shows, or from which one it was changed; that is saved over the view, or as another one. */
export function ViewNote({ filter, view, isShown, views, onOpen }: ViewNoteProps) {
  const [, save] = useMutation(SaveInboxView);
  const [isBusy, setBusy] = useState(false);
  const [isNaming, setNaming] = useState(false);
  const [failure, setFailure] = useState<string>();
  const { id, name, isShared, isMine } = view;
  const saved = (view: string) => {
    views.refresh();
    onOpen({ view });
  };
  const saveOver = async () => {
    setBusy(true);
    const { filter: kept, order } = toListing(filter);
    const { data, error } = await save({ id, name, filter: kept ?? null, order: order ?? null, isShared });
    setBusy(false);
    if (error) return setFailure(describeFailure(error).message);
    if (!data?.saveInboxView.view) return setFailure(data?.saveInboxView.errors[0]?.message ?? 'It was not saved.');
    setFailure(undefined);
    saved(id);
  };
  if (filter.view !== undefined) {
    return (
      <div className={classes.note}>
        <Pill
          withRemoveButton
          onRemove={() => onOpen({})}
          removeButtonProps={{ 'aria-label': `Without View: ${name}`, tabIndex: 0, 'aria-hidden': false }}
        >
          {`View: ${name}`}
        </Pill>
        {isShown ? null : <span>It has conditions that the controls cannot show. What you choose there begins anew.</span>}
      </div>
    );
  }
  return (
    <div className={classes.note} role="group" aria-label="Changed view">
      <span className={classes.words}>
        Changed from{' '}
        <Link to="/inbox" search={{ view: id }}>
          {name}
        </Link>
      </span>
      {isMine || (isShared && views.mayShare) ? (
        <Button size="compact-xs" variant="light" loading={isBusy} onClick={() => void saveOver()}>
          {isShared ? 'Save for everybody' : 'Save'}
        </Button>
      ) : null}
      <Button size="compact-xs" variant="subtle" onClick={() => setNaming(true)}>
        Save as new
      </Button>
      {failure === undefined ? null : (
        <span role="alert" className={classes.failure}>
          {failure}
        </span>
      )}
      {isNaming ? (
        <SaveView filter={filter} views={views.all} mayShare={views.mayShare} onClose={() => setNaming(false)} onSaved={saved} />
      ) : null}
    </div>
  );
}
