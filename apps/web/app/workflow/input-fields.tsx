import type { Json } from '../graphql.js';
import { inputFields } from './field-words.js';
import classes from './workflow.module.css';

export function InputFields({ schema }: { readonly schema: Json }) {
  const fields = inputFields(schema);
  return (
    <section className={`panel ${classes.box}`} aria-label="Input">
      <h2 className={classes.heading}>Input</h2>
      {schema === null ? (
        <p className={classes.soft}>Any JSON: the workflow names no class for it.</p>
      ) : (
        <dl className={classes.facts}>
          {fields.map(({ name, title, type, isRequired }) => (
            <div key={name} className={classes.field}>
              <dt title={name}>{title}</dt>
              <dd>
                {type}
                {isRequired ? '' : ', optional'}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
