// An amount of money: a decimal text with its currency beside it. Numbers are not used, because they cannot hold every amount.
import { Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { ariaDescribedByIds, type FieldProps } from '@rjsf/utils';
import { useState } from 'react';
import { isRecord } from '../values/shape.js';
import type { Json } from '../graphql.js';
import { readAmount } from './read-amount.js';

export function MoneyField({
  schema,
  uiSchema,
  fieldPathId,
  formData,
  rawErrors,
  errorSchema,
  required,
  disabled,
  name,
  onChange,
}: FieldProps) {
  const currencies = Object.keys((schema['x-decimals'] ?? {}) as object);
  const money = isRecord(formData as Json) ? (formData as { amount?: Json; currency?: Json }) : {};
  const amount = typeof money.amount === 'string' ? money.amount : '';
  const currency = typeof money.currency === 'string' ? money.currency : (currencies[0] ?? '');
  const [typed, setTyped] = useState<string>();
  const id = fieldPathId.$id;
  const title = uiSchema?.['ui:title'] ?? schema.title ?? name;
  const problems = [...(rawErrors ?? []), ...(errorSchema?.['amount']?.__errors ?? []), ...(errorSchema?.['currency']?.__errors ?? [])];
  const isOff = disabled ?? false;
  const keep = (next: { amount: string; currency: string }) => {
    const read = readAmount(next.amount);
    onChange(read === '' ? undefined : { amount: read, currency: next.currency }, fieldPathId.path);
  };
  return (
    <TextInput
      id={id}
      name={id}
      label={title}
      description={uiSchema?.['ui:description']}
      required={required ?? false}
      disabled={isOff}
      inputMode="decimal"
      autoComplete="off"
      error={problems.length > 0 ? problems.join('\n') : undefined}
      aria-describedby={ariaDescribedByIds(fieldPathId)}
      value={typed ?? amount}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        keep({ amount: currentTarget.value, currency });
      }}
      onBlur={() => setTyped(undefined)}
      inputContainer={(input) => (
        <Group gap={6} wrap="nowrap">
          <div style={{ flex: '0 1 220px' }}>{input}</div>
          {currencies.length > 1 ? (
            <NativeSelect
              aria-label={`Currency of ${title}`}
              data={currencies}
              value={currency}
              disabled={isOff}
              onChange={(event) => keep({ amount: typed ?? amount, currency: event.currentTarget.value })}
            />
          ) : (
            <Text size="sm" c="dimmed">
              {currency}
            </Text>
          )}
        </Group>
      )}
    />
  );
}
