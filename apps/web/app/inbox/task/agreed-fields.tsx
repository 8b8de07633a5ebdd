import { humaniseKey } from '../../values/humanise-key.js';
import { ValueView } from '../../values/value-view.js';
import type { TaskState } from './task.query.js';

const OUTCOMES = ['accepted', 'changed', 'cleared', 'added'] as const;

/** What the decision made of the suggestion: how many fields, and what had been suggested instead. */
export function AgreedFields({ fields }: { readonly fields: NonNullable<TaskState['agreement']> }) {
  const counts = OUTCOMES.map((outcome) => [outcome, fields.filter((field) => field.outcome === outcome).length] as const);
  const words = counts.filter(([, count]) => count > 0).map(([outcome, count]) => `${count} ${outcome}`);
  const others = fields.filter(({ outcome }) => outcome === 'changed' || outcome === 'cleared');
  return (
    <details style={{ marginTop: 12, fontSize: 12 }}>
      <summary>Of the suggestion: {words.length > 0 ? words.join(', ') : 'nothing was left'}</summary>
      {others.map(({ path, outcome, from }) => (
        <div key={path} style={{ marginTop: 6 }}>
          {`${path.split('.').map(humaniseKey).join(' › ')} was ${outcome}; suggested:`}
          <ValueView value={from} />
        </div>
      ))}
    </details>
  );
}
