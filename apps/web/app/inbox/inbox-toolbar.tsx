import { ActionIcon, SegmentedControl, Select, Tooltip } from '@mantine/core';
import { IconPlayerTrackNext } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useHint } from '../actions/use-actions.js';
import { useWorkflows } from '../workflows/use-workflows.js';
import { FilterButton } from './filter/filter-button.js';
import { FilterPills } from './filter/filter-pills.js';
import { changed, toListing, type InboxFilter } from './inbox-filter.js';
import type { Views } from './views/use-views.js';
import { isSame, toInboxFilter } from './views/view-filter.js';
import { ViewNote } from './views/view-note.js';
import { ViewsButton } from './views/views-button.js';
import classes from './inbox-toolbar.module.css';

interface InboxToolbarProps {
  /** Of the address. */
  readonly filter: InboxFilter;
  readonly views: Views;
  readonly onNext: () => void;
  readonly isNextBusy: boolean;
}

export function InboxToolbar({ filter: asked, views, onNext, isNextBusy }: InboxToolbarProps) {
  const navigate = useNavigate({ from: '/inbox' });
  const workflows = useWorkflows();
  const choices = workflows.filter(({ isEmitter }) => !isEmitter).map(({ name, title }) => ({ value: name, label: title }));
  // What is not understood is not saved either.
  const view = asked.problem === undefined ? views.all.find(({ id }) => id === (asked.view ?? asked.from)) : undefined;
  const ofView = view && toInboxFilter(view);
  const filter = asked.view === undefined ? asked : (ofView ?? {});
  const open = (search: InboxFilter) => void navigate({ search });
  const set = (next: InboxFilter) => {
    const search = changed(next, { problem: undefined, view: undefined, from: undefined });
    if (!view || !ofView) return open(search);
    open(isSame(toListing(search), toListing(ofView)) ? { view: view.id } : { ...search, from: view.id });
  };

  return (
    <div className={classes.bar} role="search" aria-label="Filter the tasks">
      <div className={classes.line}>
        <SegmentedControl
          size="xs"
          className={classes.shows}
          value={filter.show ?? 'waiting'}
          aria-label="Which tasks"
          data={[
            { value: 'waiting', label: 'Waiting' },
            { value: 'mine', label: 'Mine' },
            { value: 'groups', label: 'My groups' },
            { value: 'decided', label: 'Decided' },
          ]}
          onChange={(value) => set(shown(filter, value))}
        />
        <Tooltip label={useHint('Claim the next free task', 'inbox.next')}>
          <ActionIcon data-action="inbox.next" aria-label="Claim the next free task" loading={isNextBusy} onClick={onNext}>
            <IconPlayerTrackNext size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.line}>
        <div className={classes.viewsButton}>
          <ViewsButton filter={asked} views={views} />
        </div>
        <Select
          size="xs"
          className={classes.workflow}
          placeholder="All workflows"
          aria-label="Workflow"
          clearable
          data={choices}
          value={filter.workflow ?? null}
          onChange={(workflow) => set(changed(filter, { workflow: workflow ?? undefined, columns: undefined }))}
        />
        <FilterButton filter={filter} onChange={set} />
      </div>
      {view ? <ViewNote key={view.id} filter={asked} view={view} isShown={ofView !== undefined} views={views} onOpen={open} /> : null}
      <FilterPills filter={filter} onChange={set} />
    </div>
  );
}

/** What has ended waits for nobody, and is listed by age: those conditions go with the choice. */
function shown(filter: InboxFilter, value: string): InboxFilter {
  const show = value === 'mine' || value === 'groups' || value === 'decided' ? value : undefined;
  return changed(filter, { show, ...(show === 'decided' ? { assignee: undefined, group: undefined, order: undefined } : {}) });
}
