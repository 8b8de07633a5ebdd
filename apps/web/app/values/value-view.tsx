// A JSON value as a tidy page: objects are definition lists, objects inside objects are sections of their own, lists of alike objects are
// tables. Nothing is dropped; what is too deep to read is shown as JSON.
import { DocumentLink } from '../documents/document-link.js';
import { isDocumentReference } from '../documents/document-reference.js';
import type { Json } from '../graphql.js';
import { choiceTitle, fieldOf, formOrder, itemOf, titleOf } from './form-words.js';
import { humaniseKey } from './humanise-key.js';
import { readingOrder } from './reading-order.js';
import { RecordsTable } from './records-table.js';
import { ScalarView } from './scalar-view.js';
import { isEmpty, isRecord, isScalar, tableColumns } from './shape.js';
import classes from './values.module.css';

/** Deeper than this a page of nested headings helps nobody. */
const MAX_DEPTH = 4;

interface ValueViewProps {
  readonly value: Json;
  readonly name?: string | undefined;
  readonly depth?: number;
  /** The JSON Schema of the form that asked for the value: gives titles and order. */
  readonly form?: Json | undefined;
}

export function ValueView({ value, name, depth = 0, form }: ValueViewProps) {
  if (isScalar(value)) return choiceTitle(form, value) ?? <ScalarView value={value} name={name} />;
  if (isDocumentReference(value)) return <DocumentLink document={value} />;
  if (isEmpty(value)) return <ScalarView value={null} />;
  if (depth >= MAX_DEPTH) return <pre className={classes.code}>{JSON.stringify(value, null, 2)}</pre>;
  if (isRecord(value)) return <RecordView record={value} depth={depth} form={form} />;
  return <ListView list={value} name={name} depth={depth} form={itemOf(form)} />;
}

interface RecordViewProps {
  readonly record: { readonly [key: string]: Json };
  readonly depth: number;
  readonly form: Json | undefined;
}

function RecordView({ record, depth, form }: RecordViewProps) {
  const entries = formOrder(form, record) ?? readingOrder(record);
  const labelOf = (key: string) => titleOf(fieldOf(form, key)) ?? humaniseKey(key);
  const inline = entries.filter(([, value]) => isInline(value));
  const sections = entries.filter(([, value]) => !isInline(value));
  return (
    <div className={classes.record}>
      {inline.length > 0 ? (
        <dl className={classes.list}>
          {inline.map(([key, value]) => (
            <div key={key} className={classes.pair} data-wide={isWide(value) || undefined}>
              <dt>{labelOf(key)}</dt>
              <dd>
                <ValueView value={value} name={key} depth={depth + 1} form={fieldOf(form, key)} />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      {sections.map(([key, value]) => (
        <section key={key} className={classes.section} aria-label={labelOf(key)}>
          <div className={classes.heading} aria-hidden="true">
            {labelOf(key)}
          </div>
          <ValueView value={value} name={key} depth={depth + 1} form={fieldOf(form, key)} />
        </section>
      ))}
    </div>
  );
}

interface ListViewProps {
  readonly list: readonly Json[];
  readonly name: string | undefined;
  readonly depth: number;
  /** Of each item. */
  readonly form: Json | undefined;
}

function ListView({ list, name, depth, form }: ListViewProps) {
  const columns = list.some(isDocumentReference) ? undefined : tableColumns(list);
  if (columns) return <RecordsTable rows={list as readonly { [key: string]: Json }[]} columns={columns} />;
  return (
    <ul className={classes.bullets}>
      {list.map((item, index) => (
        <li key={index}>
          <ValueView value={item} name={name} depth={depth + 1} form={form} />
        </li>
      ))}
    </ul>
  );
}

/** Stands beside its name; everything else gets a section. */
function isInline(value: Json): boolean {
  if (isScalar(value) || isEmpty(value) || isDocumentReference(value)) return true;
  return Array.isArray(value) && value.every(isScalar);
}

function isWide(value: Json): boolean {
  return Array.isArray(value) || (typeof value === 'string' && (value.length > 70 || value.includes('\n')));
}
