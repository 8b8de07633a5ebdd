// A form made from a JSON Schema: of an answer, or of the input of a run. Loaded apart from the pages: reading a list needs none of it.
import '@mantine/dates/styles.css';
import { withTheme, type IChangeEvent, type ThemeProps } from '@rjsf/core';
import { Theme } from '@rjsf/mantine';
import type { RJSFSchema, TitleFieldProps } from '@rjsf/utils';
import { useMemo } from 'react';
import type { Json } from '../graphql.js';
import type { FieldProblem } from './field-errors.js';
import { ChoiceWidget } from './choice-widget.js';
import { DocumentsField } from './documents/documents-field.js';
import { toErrorSchema } from './field-errors.js';
import { prepareSchema } from './prepare-schema.js';
import { structuralValidator } from './structural-validator.js';
import { uiHints } from './ui-hints.js';

// `object`, not `FormValue`: the form library's types would follow JSON into endless depth.
const ThemedForm = withTheme<object>({
  widgets: { ...Theme.widgets, choice: ChoiceWidget },
  fields: { documents: DocumentsField },
  templates: { ...Theme.templates, TitleFieldTemplate: SectionTitle },
} as ThemeProps<object>);

const ROOT = 'answer';

/** Only what the author wrote as a default is one. */
const NO_INVENTED_VALUES = { constAsDefaults: 'never', emptyObjectFields: 'populateRequiredDefaults' } as const;

export type FormValue = { [key: string]: Json };

interface SchemaFormProps {
  readonly schema: Json;
  readonly value: FormValue;
  readonly problems: readonly FieldProblem[];
  readonly isDisabled: boolean;
  /** A person changed a field. */
  readonly onEdit: (value: FormValue) => void;
  /** The form filled in a default. */
  readonly onFillIn: (value: FormValue) => void;
}

export default function SchemaForm({ schema, value, problems, isDisabled, onEdit, onFillIn }: SchemaFormProps) {
  const prepared = useMemo(() => prepareSchema(schema as RJSFSchema), [schema]);
  const hints = useMemo(() => uiHints(schema as RJSFSchema), [schema]);
  const extraErrors = useMemo(() => toErrorSchema(problems), [problems]);
  const onChange = ({ formData }: IChangeEvent<object>, field?: string) => {
    const next = withoutUndefined(formData ?? {});
    if (field === undefined) onFillIn(next);
    else onEdit(next);
  };
  return (
    <ThemedForm
      // No <form>: Enter inside a field must not send it.
      tagName="div"
      idPrefix={ROOT}
      schema={prepared}
      experimental_defaultFormStateBehavior={NO_INVENTED_VALUES}
      uiSchema={hints}
      formData={value}
      validator={structuralValidator}
      extraErrors={extraErrors}
      showErrorList={false}
      focusOnFirstError={false}
      disabled={isDisabled}
      onChange={onChange}
    >
      <></>
    </ThemedForm>
  );
}

/** The name of the class says nothing to who fills the form in; groups inside it keep theirs. */
function SectionTitle({ id, title }: TitleFieldProps) {
  return id === `${ROOT}__title` ? null : <h4 id={id}>{title}</h4>;
}

/** A field that was emptied is missing, not undefined: so it is on the wire. */
function withoutUndefined(value: object): FormValue {
  return JSON.parse(JSON.stringify(value)) as FormValue;
}
