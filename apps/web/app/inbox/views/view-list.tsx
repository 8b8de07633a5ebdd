import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconDeviceFloppy, IconTrash, IconUsers } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../../connection/request-error.js';
import { ConfirmDialog } from '../../feedback/confirm-dialog.js';
import type { InboxFilter } from '../inbox-filter.js';
import { GIVEN_VIEWS } from './given-views.js';
import { SaveView } from './save-view.js';
import type { Views } from './use-views.js';
import { DeleteInboxView, type InboxView } from './views.query.js';
import classes from './view-list.module.css';

interface ViewListProps {
  readonly filter: InboxFilter;
  readonly views: Views;
}

/** The views that everybody has, then the saved ones, one's own first; each with how many tasks it shows. */
export function ViewList({ filter, views: { all, counts, mayShare, refresh } }: ViewListProps) {
  const navigate = useNavigate();
  const [isSaving, setSaving] = useState(false);
  const [toDelete, setToDelete] = useState<InboxView>();
  const [, remove] = useMutation(DeleteInboxView);
  return (
    <>
      <ul className={classes.list}>
        {GIVEN_VIEWS.map(({ name, search, count }) => (
          <li key={name}>
            <Link
              to="/inbox"
              search={search}
              className={classes.view}
              activeOptions={{ exact: true, includeSearch: true }}
              aria-current={JSON.stringify(filter) === JSON.stringify(search) ? 'true' : undefined}
            >
              <span className="ellipsis">{name}</span>
              {counts ? <Count of={counts[count]} /> : null}
            </Link>
          </li>
        ))}
        {all.map((view) => (
          <li key={view.id} className={classes.item}>
            <Link
              to="/inbox"
              search={{ view: view.id }}
              className={classes.view}
              activeOptions={{ exact: true, includeSearch: true }}
              aria-current={filter.view === view.id ? 'true' : undefined}
              title={view.problem ?? (view.isMine ? undefined : `Shared by ${view.owner}`)}
            >
              {view.isShared ? <IconUsers size={13} stroke={1.8} aria-label="Shared:" /> : null}
              <span className="ellipsis">{view.name}</span>
              <Mark view={view} />
            </Link>
            {filter.view === view.id && (view.isMine || mayShare) ? (
              <Tooltip label="Delete this view">
                <ActionIcon size="sm" aria-label={`Delete the view ${view.name}`} onClick={() => setToDelete(view)}>
                  <IconTrash size={14} stroke={1.6} />
                </ActionIcon>
              </Tooltip>
            ) : null}
          </li>
        ))}
      </ul>
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconDeviceFloppy size={14} />}
        disabled={filter.view !== undefined || filter.problem !== undefined}
        onClick={() => setSaving(true)}
      >
        Save as a view
      </Button>
      {isSaving ? (
        <SaveView
          filter={filter}
          views={all}
          mayShare={mayShare}
          onClose={() => setSaving(false)}
          onSaved={(view) => {
            refresh();
            void navigate({ to: '/inbox', search: { view } });
          }}
        />
      ) : null}
      {toDelete ? (
        <ConfirmDialog
          isOpen
          title={`Delete the view “${toDelete.name}”?`}
          action="Delete"
          asksReason={false}
          onClose={() => setToDelete(undefined)}
          onConfirm={async () => {
            const { data, error } = await remove({ id: toDelete.id });
            if (error) return describeFailure(error).message;
            if (data?.deleteInboxView.deleted == null) return data?.deleteInboxView.errors[0]?.message ?? 'It was not deleted.';
            refresh();
            void navigate({ to: '/inbox', search: {} });
            return undefined;
          }}
        >
          {toDelete.isShared ? 'Nobody has it any more. ' : ''}The tasks stay as they are.
        </ConfirmDialog>
      ) : null}
    </>
  );
}

function Mark({ view: { problem, count } }: { readonly view: InboxView }) {
  if (problem !== null)
    return <IconAlertTriangle size={13} stroke={2} className={classes.problem} aria-label={`Shows nothing: ${problem}`} />;
  return <Count of={count} />;
}

function Count({ of: { count, isMore } }: { readonly of: InboxView['count'] }) {
  return <span className={`numbers ${classes.count}`}>{`${count.toLocaleString('en')}${isMore ? '+' : ''}`}</span>;
}
