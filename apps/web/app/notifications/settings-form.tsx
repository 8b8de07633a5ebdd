import { Alert, Button, Checkbox, Paper, SegmentedControl, Select, Switch, Text } from '@mantine/core';
import { TimeInput } from '@mantine/dates';
import { notifications } from '@mantine/notifications';
import { useState, type FormEvent } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { type NotificationSettings, SaveSettings } from './notifications.query.js';
import classes from './notifications.module.css';

const CHANNELS = [
  ['mail', 'By e-mail'],
  ['webhook', 'By what this installation is connected to (chat, pager)'],
] as const;

const KINDS = [
  ['assigned', 'A task is mine'],
  ['opened', 'A task waits for me or my group'],
  ['escalated', 'A task was escalated to me'],
  ['due-soon', 'A task of mine is due within the hour'],
  ['overdue', 'A task of mine is overdue'],
  ['comment.mentioned', 'A comment mentions me'],
  ['comment.added', 'A task that I have, had or spoke about gets a comment'],
  ['nobody-left', 'As an operator: nobody is left who may decide a task'],
] as const;

const RHYTHMS = [
  { value: 'at-once', label: 'At once' },
  { value: 'hourly', label: 'Every hour' },
  { value: 'daily', label: 'Once a day' },
];

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface SettingsFormProps {
  readonly settings: NotificationSettings;
  readonly onChanged: () => void;
}

export function SettingsForm({ settings, onChanged }: SettingsFormProps) {
  const [{ fetching }, save] = useMutation(SaveSettings);
  const [form, setForm] = useState(() => ({
    channels: settings.channels,
    kinds: settings.kinds,
    rhythm: settings.rhythm,
    dailyAt: settings.dailyAt,
    zone: settings.zone,
    quietFrom: settings.quietFrom,
    quietUntil: settings.quietUntil,
  }));
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const change = (changed: Partial<typeof form>) => setForm((now) => ({ ...now, ...changed }));
  const isQuiet = form.quietFrom !== null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { data, error } = await save({ settings: form });
    const errors = data?.saveNotificationSettings.errors ?? [];
    setProblems(
      error ? { '': describeFailure(error).message } : Object.fromEntries(errors.map(({ path, message }) => [path?.at(-1) ?? '', message])),
    );
    if (error || errors.length > 0) return;
    notifications.show({ message: 'Your settings are saved.', color: 'well' });
    onChanged();
  };

  return (
    <Paper
      withBorder
      radius="md"
      className={classes.card}
      component="form"
      onSubmit={(event: FormEvent) => void submit(event)}
      aria-label="Settings"
    >
      <Checkbox.Group label="How" value={[...form.channels]} onChange={(channels) => change({ channels })} error={problems['channels']}>
        <div className={classes.list}>
          {CHANNELS.filter(([name]) => settings.available.includes(name)).map(([name, label]) => (
            <Checkbox key={name} value={name} label={label} mt={6} />
          ))}
        </div>
      </Checkbox.Group>
      <Checkbox.Group label="What" value={[...form.kinds]} onChange={(kinds) => change({ kinds })} error={problems['kinds']}>
        <div className={classes.list}>
          {KINDS.map(([kind, label]) => (
            <Checkbox key={kind} value={kind} label={label} mt={6} />
          ))}
        </div>
      </Checkbox.Group>
      <div>
        <Text size="sm" fw={500} mb={6} id="rhythm-label">
          When
        </Text>
        <SegmentedControl
          aria-labelledby="rhythm-label"
          data={RHYTHMS}
          value={form.rhythm}
          onChange={(rhythm) => change({ rhythm, ...(rhythm === 'daily' && form.zone === 'UTC' ? { zone: HERE } : {}) })}
        />
      </div>
      <div className={classes.row}>
        {form.rhythm === 'daily' ? (
          <TimeInput
            label="Time of the digest"
            value={form.dailyAt}
            onChange={(event) => change({ dailyAt: event.currentTarget.value })}
            error={problems['dailyAt']}
          />
        ) : null}
        <Select
          className={classes.wide}
          label="Time zone"
          searchable
          allowDeselect={false}
          data={[...new Set(['UTC', HERE, form.zone, ...Intl.supportedValuesOf('timeZone')])]}
          value={form.zone}
          onChange={(zone) => change({ zone: zone ?? form.zone })}
          error={problems['zone']}
        />
      </div>
      <Switch
        label="Quiet hours: what happens then waits until they are over"
        checked={isQuiet}
        onChange={(event) =>
          change(event.currentTarget.checked ? { quietFrom: '20:00', quietUntil: '07:00' } : { quietFrom: null, quietUntil: null })
        }
      />
      {isQuiet ? (
        <div className={classes.row}>
          <TimeInput
            label="From"
            value={form.quietFrom ?? ''}
            onChange={(event) => change({ quietFrom: event.currentTarget.value })}
            error={problems['quietFrom']}
          />
          <TimeInput
            label="Until"
            value={form.quietUntil ?? ''}
            onChange={(event) => change({ quietUntil: event.currentTarget.value })}
            error={problems['quietUntil']}
          />
        </div>
      ) : null}
      {problems[''] === undefined ? null : (
        <Alert color="red" variant="light" p="xs" role="alert">
          {problems['']}
        </Alert>
      )}
      <div>
        <Button type="submit" loading={fetching}>
          Save
        </Button>
      </div>
    </Paper>
  );
}
