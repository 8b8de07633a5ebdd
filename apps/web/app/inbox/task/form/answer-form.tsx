// The form of an answer, made from its JSON Schema. Loaded apart from the inbox: reading a list needs none of it.
import '@mantine/dates/styles.css';
import { withTheme, type IChangeEvent, type ThemeProps } from '@rjsf/core';
import { Theme } from '@rjsf/mantine';
import type { RJSFSchema, TitleFieldProps } from '@rjsf/utils';
import { useMemo } from 'react';
import type { Json } from '../../../graphql.js';
import type { FieldProblem } from '../desk/refusal.js';
import type { Answer } from '../desk/task-desk.js';
import { ChoiceWidget } from './choice-widget.js';
import { toErrorSchema } from './field-errors.js';
import { prepareSchema } from './prepare-schema.js';
import { structuralValidator } from './structural-validator.js';
import { uiHints } from './ui-hints.js';

// `object`, not `Answer`: the form library's types would follow JSON into endless depth.
const ThemedForm = withTheme<object>({
  widgets: { ...Theme.widgets, choice: ChoiceWidget },
  templates: { ...Theme.templates, TitleFieldTemplate: SectionTitle },
} as ThemeProps<object>);

/** Only what the author wrote as a default is one. */
const NO_INVENTED_VALUES = { constAsDefaults: 'never', emptyObjectFields: 'populateRequiredDefaults' } as const;

interface AnswerFormProps {
  readonly schema: Json;
  readonly answer: Answer;
  readonly problems: readonly FieldProblem[];
  readonly isDisabled: boolean;
  /** A person changed a field. */
  readonly onEdit: (answer: Answer) => void;
  /** The form filled in a default. */
  readonly onFillIn: (answer: Answer) => void;
}

export default function AnswerForm({ schema, answer, problems, isDisabled, onEdit, onFillIn }: AnswerFormProps) {
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
      // No <form>: Enter inside a field must not decide a task.
      tagName="div"
      idPrefix="answer"
      schema={prepared}
      experimental_defaultFormStateBehavior={NO_INVENTED_VALUES}
      uiSchema={hints}
      formData={answer}
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

/** The answer's own name says nothing to a reviewer; groups inside it keep theirs. */
function SectionTitle({ id, title }: TitleFieldProps) {
  return id === 'answer__title' ? null : <h4 id={id}>{title}</h4>;
}

/** A field that was emptied is missing, not undefined: so it is on the wire. */
function withoutUndefined(answer: object): Answer {
  return JSON.parse(JSON.stringify(answer)) as Answer;
}
