// What the reviewer judges. The first level of the props makes panels that stand beside each other (a report, a recommendation); what lies
// deeper is laid out inside them.
import type { Json } from '../../graphql.js';
import { humaniseKey } from '../../values/humanise-key.js';
import { isEmpty, isRecord, isScalar } from '../../values/shape.js';
import { ValueView } from '../../values/value-view.js';
import classes from './task.module.css';

export function TaskFacts({ props }: { readonly props: Json | null }) {
  if (props === null || isEmpty(props)) return null;
  if (!isRecord(props)) {
    return (
      <section className={`panel ${classes.fact}`} aria-label="What is to be judged">
        <ValueView value={props} />
      </section>
    );
  }
  const entries = Object.entries(props);
  const loose = Object.fromEntries(entries.filter(([, value]) => isScalar(value)));
  const panels = entries.filter(([, value]) => !isScalar(value));
  return (
    <div className={classes.factGrid}>
      {isEmpty(loose) ? null : (
        <section className={`panel ${classes.fact}`} aria-label="Overview">
          <ValueView value={loose} />
        </section>
      )}
      {panels.map(([key, value]) => (
        <section key={key} className={`panel ${classes.fact}`} aria-label={humaniseKey(key)}>
          <h2 className={classes.factTitle}>{humaniseKey(key)}</h2>
          <ValueView value={value} name={key} />
        </section>
      ))}
    </div>
  );
}
