// Above a form that a suggestion has filled in: how far its fields have come, and what the keys do.
import { Button, Switch } from '@mantine/core';
import type { Json } from '../../graphql.js';
import { fieldTitle } from '../field-address.js';
import { FIELD_STATES, type FieldState } from './field-states.js';
import { percent, STATE_ICONS, summaryOf } from './state-words.js';
import classes from './field-states.module.css';

interface StateSummaryProps {
  /** The JSON Schema of the answer. */
  readonly form: Json;
  readonly states: readonly FieldState[];
  readonly source: string | null;
  readonly confidence: number | null;
  /** What could not be suggested. */
  readonly leftOut: readonly { readonly path: string; readonly message: string }[];
  readonly isDisabled: boolean;
  readonly tabsToOpen: boolean;
  readonly onTabsToOpen: (isOn: boolean) => void;
  readonly onConfirm: (keys: readonly string[]) => void;
}

export function StateSummary(props: StateSummaryProps) {
  const { form, states, source, confidence, leftOut, isDisabled, tabsToOpen, onTabsToOpen, onConfirm } = props;
  const counts = countsOf(states);
  const suggested = states.filter(({ state }) => state === 'suggested').map(({ key }) => key);
  const from = `${source === null ? 'Suggested' : `Suggested by ${source}`}${confidence === null ? '' : `, ${percent(confidence)} sure`}`;
  return (
    <section className={classes.summary} aria-label="Suggestion">
      <div className={classes.row}>
        <span role="status" className={classes.counts} aria-label={summaryOf(counts)}>
          {FIELD_STATES.filter((state) => counts[state] > 0).map((state) => {
            const Icon = STATE_ICONS[state];
            return (
              <span key={state} data-state={state} className={classes.count}>
                <Icon size={14} stroke={1.9} aria-hidden="true" />
                {`${counts[state]} ${state}`}
              </span>
            );
          })}
        </span>
        {suggested.length > 0 && !isDisabled ? (
          <Button data-action="form.confirm-all" size="compact-xs" variant="default" onClick={() => onConfirm(suggested)}>
            Confirm all suggested
          </Button>
        ) : null}
      </div>
      <span className={classes.soft}>{from}</span>
      {leftOut.length > 0 ? (
        <details>
          <summary>{leftOut.length === 1 ? 'One thing was left out' : `${leftOut.length} things were left out`}</summary>
          <ul style={{ margin: '4px 0 0', paddingLeft: 18 }}>
            {leftOut.map(({ path, message }) => (
              <li key={`${path} ${message}`}>{path === '' ? message : `${fieldTitle(form, path)}: ${message}`}</li>
            ))}
          </ul>
        </details>
      ) : null}
      <Switch
        size="xs"
        className={classes.keys}
        label="Tab goes to the next open field"
        description="Enter confirms a field and goes on. Shift+Tab goes back through all."
        checked={tabsToOpen}
        onChange={({ currentTarget }) => onTabsToOpen(currentTarget.checked)}
      />
    </section>
  );
}

function countsOf(states: readonly FieldState[]): Record<(typeof FIELD_STATES)[number], number> {
  const count = (wanted: string): number => states.filter(({ state }) => state === wanted).length;
  return { suggested: count('suggested'), open: count('open'), failed: count('failed'), confirmed: count('confirmed') };
}
