// Days and instants by the browser's own fields: they follow the reader's language, and work by keyboard, by finger and by voice.
import { TextInput } from '@mantine/core';
import { ariaDescribedByIds, labelValue, type WidgetProps } from '@rjsf/utils';
import { toInstant, toLocalText } from './local-time.js';

export function DateWidget(props: WidgetProps) {
  const value = props.value as string | undefined;
  return <DateInput {...props} type="date" text={value ?? ''} onText={props.onChange} note={undefined} />;
}

export function DateTimeWidget(props: WidgetProps) {
  const value = props.value as string | undefined;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <DateInput
      {...props}
      type="datetime-local"
      text={value === undefined ? '' : toLocalText(value)}
      onText={(text) => props.onChange(text === undefined ? undefined : toInstant(text))}
      note={`In your time zone, ${timeZone}.`}
    />
  );
}

interface DateInputProps extends WidgetProps {
  readonly type: 'date' | 'datetime-local';
  readonly text: string;
  readonly onText: (text: string | undefined) => void;
  readonly note: string | undefined;
}

function DateInput({ type, text, onText, note, ...widget }: DateInputProps) {
  const { id, htmlName, label, hideLabel, required, disabled, readonly, rawErrors, options, onBlur, onFocus } = widget;
  return (
    <TextInput
      id={id}
      name={htmlName ?? id}
      type={type}
      label={labelValue(label, hideLabel, false)}
      description={[options.description, note].filter(Boolean).join(' ') || undefined}
      required={required ?? false}
      disabled={(disabled ?? false) || (readonly ?? false)}
      value={text}
      error={rawErrors?.length ? rawErrors.join('\n') : undefined}
      aria-describedby={ariaDescribedByIds(id)}
      onChange={({ currentTarget }) => onText(currentTarget.value === '' ? undefined : currentTarget.value)}
      onBlur={() => onBlur(id, text)}
      onFocus={() => onFocus(id, text)}
    />
  );
}
