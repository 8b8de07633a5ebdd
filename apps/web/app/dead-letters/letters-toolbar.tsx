import { useNavigate } from '@tanstack/react-router';
import { ListToolbar, TextFilter, WorkflowFilter } from '../list/list-toolbar.js';
import { TimeRange } from '../runs/time-range.js';
import { readLetterFilter, type LetterFilter } from './letter-filter.js';

export function LettersToolbar({ filter }: { readonly filter: LetterFilter }) {
  const navigate = useNavigate({ from: '/dead-letters' });
  const go = (change: Partial<Record<keyof LetterFilter, string | null>>) =>
    void navigate({ search: readLetterFilter({ ...filter, ...change }), replace: true });
  return (
    <ListToolbar
      label="Filter the dead letters"
      isFiltered={Object.keys(filter).length > 0}
      onClear={() => void navigate({ search: {}, replace: true })}
    >
      <WorkflowFilter value={filter.workflow} onChange={(workflow) => go({ workflow })} />
      <TextFilter label="Code of the error" width={200} value={filter.code} onChange={(code) => go({ code })} />
      <TimeRange filter={filter} label="Failed when" onChange={go} />
    </ListToolbar>
  );
}
