import { Pill } from '@mantine/core';
import { changed, type InboxFilter } from '../inbox-filter.js';
import { conditionsOf } from './filter-words.js';
import classes from '../inbox-toolbar.module.css';

interface FilterPillsProps {
  readonly filter: InboxFilter;
  readonly onChange: (filter: InboxFilter) => void;
}

/** The conditions that hold, each to be taken away. */
export function FilterPills({ filter, onChange }: FilterPillsProps) {
  const conditions = conditionsOf(filter);
  if (conditions.length === 0) return null;
  return (
    <ul className={classes.pills} aria-label="Conditions">
      {conditions.map(({ label, without }) => (
        <li key={label}>
          <Pill
            withRemoveButton
            onRemove={() => onChange(changed(filter, without))}
            removeButtonProps={{ 'aria-label': `Without ${label}`, tabIndex: 0, 'aria-hidden': false }}
          >
            {label}
          </Pill>
        </li>
      ))}
    </ul>
  );
}
