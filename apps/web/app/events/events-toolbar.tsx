import { useNavigate } from '@tanstack/react-router';
import { ListToolbar, TextFilter } from '../list/list-toolbar.js';
import { isFiltered, readEventFilter, type EventFilter } from './event-filter.js';

const FIELDS = [
  { field: 'name', label: 'Name of the event', width: 200 },
  { field: 'key', label: 'Idempotency key', width: 180 },
  { field: 'run', label: 'Id of a run', width: 290 },
] as const;

export function EventsToolbar({ filter }: { readonly filter: EventFilter }) {
  const navigate = useNavigate({ from: '/events' });
  const go = (search: EventFilter) => void navigate({ search, replace: true });
  return (
    <ListToolbar label="Filter the events" isFiltered={isFiltered(filter)} onClear={() => go({})}>
      {FIELDS.map(({ field, label, width }) => (
        <TextFilter
          key={field}
          label={label}
          width={width}
          value={filter[field]}
          onChange={(text) => go(readEventFilter({ ...filter, [field]: text }))}
        />
      ))}
    </ListToolbar>
  );
}
