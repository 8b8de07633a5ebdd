// A few choices, all visible, as real radio buttons: arrows move, Tab passes through once, a screen reader says "2 of 3".
import { Button, Input } from '@mantine/core';
import {
  ariaDescribedByIds,
  enumOptionValueDecoder,
  enumOptionValueEncoder,
  getOptionValueFormat,
  optionId,
  type WidgetProps,
} from '@rjsf/utils';
import classes from './choice-widget.module.css';

/** Choices that are sentences stand below each other. */
const LONG = 24;

export function ChoiceWidget(props: WidgetProps) {
  const { id, htmlName, required, disabled, readonly, label, hideLabel, rawErrors, options, onChange } = props;
  const { enumOptions = [], description } = options;
  const value: unknown = props.value;
  const emptyValue: unknown = options.emptyValue;
  const format = getOptionValueFormat(options);
  const error = rawErrors?.length ? rawErrors.join('\n') : undefined;
  return (
    <Input.Wrapper
      component="fieldset"
      className={classes.group}
      label={hideLabel ? undefined : label}
      labelElement="div"
      description={description}
      error={error}
      required={required ?? false}
      role="radiogroup"
      aria-label={label}
      aria-describedby={ariaDescribedByIds(id)}
      aria-required={required ?? false}
      aria-invalid={error ? true : undefined}
    >
      <div className={classes.choices} data-long={enumOptions.some((option) => option.label.length > LONG) || undefined}>
        {enumOptions.map((option, index) => (
          <label key={String(option.value)} className={classes.choice} data-invalid={error ? true : undefined}>
            <input
              type="radio"
              id={optionId(id, index)}
              name={htmlName ?? id}
              value={enumOptionValueEncoder(option.value, index, format)}
              checked={option.value === value}
              disabled={disabled || readonly}
              onChange={(event) => onChange(enumOptionValueDecoder(event.target.value, enumOptions, format, emptyValue))}
            />
            {option.label}
          </label>
        ))}
        {!required && value !== undefined && !disabled && !readonly ? (
          <Button variant="subtle" size="compact-xs" className={classes.clear} onClick={() => onChange(emptyValue)}>
            Clear
          </Button>
        ) : null}
      </div>
    </Input.Wrapper>
  );
}
