// A form made from a JSON Schema: of an answer, or of the input of a run. Loaded apart from the pages: reading a list needs none of it.
import { Input } from '@mantine/core';
import { withTheme, type IChangeEvent, type ThemeProps } from '@rjsf/core';
import { Theme } from '@rjsf/mantine';
import type { FieldErrorProps, RJSFSchema, TitleFieldProps } from '@rjsf/utils';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Json } from '../graphql.js';
import type { FieldProblem } from './field-errors.js';
import { ChoiceWidget } from './choice-widget.js';
import { DateTimeWidget, DateWidget } from './date-widgets.js';
import { DocumentsField } from './documents/documents-field.js';
import { FORM_ID } from './field-address.js';
import { toErrorSchema } from './field-errors.js';
import { answerIn, FormAnswer, type FormValue } from './form-answer.js';
import { AnswerContext } from './left-out/answer-context.js';
import { ListItemTemplate } from './list/list-item-template.js';
import { ListTemplate } from './list/list-template.js';
import { MoneyField } from './money-field.js';
import { prepareSchema } from './prepare-schema.js';
import { FieldStateTemplate } from './states/field-state-template.js';
import { structuralValidator } from './structural-validator.js';
import { uiHints } from './ui-hints.js';

// `object`, not `FormValue`: the form library's types would follow JSON into endless depth.
const ThemedForm = withTheme<object>({
  widgets: { ...Theme.widgets, choice: ChoiceWidget, DateWidget, DateTimeWidget },
  fields: { documents: DocumentsField, money: MoneyField },
  templates: {
    ...Theme.templates,
    TitleFieldTemplate: SectionTitle,
    FieldErrorTemplate: GroupErrors,
    FieldTemplate: FieldStateTemplate,
    ArrayFieldTemplate: ListTemplate,
    ArrayFieldItemTemplate: ListItemTemplate,
  },
} as ThemeProps<object>);

/** Only what the author wrote as a default is one. */
const NO_INVENTED_VALUES = {
  constAsDefaults: 'never',
  emptyObjectFields: 'populateRequiredDefaults',
  requiredBooleanDefault: 'skip',
} as const;

interface SchemaFormProps {
  readonly schema: Json;
  readonly value: FormValue;
  readonly problems: readonly FieldProblem[];
  readonly isDisabled: boolean;
  /** Begins the ids of its fields; another one where a form may lie over that of a task. */
  readonly idPrefix?: string;
  /** A person changed a field. */
  readonly onEdit: (value: FormValue) => void;
  /** The form filled in a default. */
  readonly onFillIn: (value: FormValue) => void;
}

export default function SchemaForm({ schema, value, problems, isDisabled, idPrefix = FORM_ID, onEdit, onFillIn }: SchemaFormProps) {
  const prepared = useMemo(() => prepareSchema(schema as RJSFSchema), [schema]);
  const hints = useMemo(() => uiHints(schema as RJSFSchema), [schema]);
  const extraErrors = useMemo(() => toErrorSchema(problems), [problems]);
  const [answer] = useState(() => new FormAnswer(value));
  const sent = useMemo(() => answerIn(schema as RJSFSchema, value), [schema, value]);
  const onChange = ({ formData }: IChangeEvent<object>, field?: string) => {
    const shown = answer.report(schema as RJSFSchema, value, withoutUndefined(formData ?? {}));
    if (field === undefined) onFillIn(shown);
    else onEdit(shown);
  };
  const latestFillIn = useRef(onFillIn);
  useEffect(() => {
    latestFillIn.current = onFillIn;
  });
  useEffect(() => {
    const cleaned = answer.cleaned(schema as RJSFSchema, value);
    if (cleaned) latestFillIn.current(cleaned);
  }, [answer, schema, value]);
  return (
    <AnswerContext value={sent}>
      <ThemedForm
        // No <form>: Enter inside a field must not send it.
        tagName="div"
        idPrefix={idPrefix}
        schema={prepared}
        experimental_defaultFormStateBehavior={NO_INVENTED_VALUES}
        uiSchema={hints}
        formData={answer.wholeOf(value) as FormValue}
        validator={structuralValidator}
        extraErrors={extraErrors}
        showErrorList={false}
        focusOnFirstError={false}
        disabled={isDisabled}
        onChange={onChange}
      >
        <></>
      </ThemedForm>
    </AnswerContext>
  );
}

/** The name of the class says nothing to who fills the form in; groups inside it keep theirs. */
function SectionTitle({ id, title, registry }: TitleFieldProps) {
  return id === `${registry.globalFormOptions.idPrefix}__title` ? null : (
    <h4 id={id} style={{ margin: '4px 0 0' }}>
      {title}
    </h4>
  );
}

/** What is wrong with a group as a whole; every other field shows by itself what is wrong with it. */
function GroupErrors({ errors = [], schema, uiSchema }: FieldErrorProps) {
  if (errors.length === 0 || schema.type !== 'object' || uiSchema?.['ui:field'] !== undefined) return null;
  return <Input.Error>{errors}</Input.Error>;
}

/** A field that was emptied is missing, not undefined: so it is on the wire. */
function withoutUndefined(value: object): FormValue {
  return JSON.parse(JSON.stringify(value)) as FormValue;
}
