import { Button } from '@mantine/core';
import { IconCalendarTime, IconPlayerPlay, IconSparkles } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMay } from '../session/session.js';
import type { WorkflowDetails } from './workflow.query.js';
import classes from './workflow.module.css';

export function WorkflowHeader({ workflow: { name, title, version, calendar } }: { readonly workflow: WorkflowDetails }) {
  const mayOperate = useMay('operator');
  return (
    <header className={classes.header}>
      <div>
        <h1 className={classes.title}>{title}</h1>
        <code className={classes.code}>
          {name}@{version}
        </code>
      </div>
      {calendar ? (
        <Button
          size="xs"
          variant="default"
          ml="auto"
          leftSection={<IconCalendarTime size={15} stroke={1.7} />}
          renderRoot={(props) => <Link to="/calendars/$calendarId" params={{ calendarId: calendar.id }} {...props} />}
        >
          Calendar
        </Button>
      ) : null}
      {mayOperate ? (
        <Button
          size="xs"
          variant="default"
          {...(calendar ? {} : { ml: 'auto' })}
          leftSection={<IconSparkles size={15} stroke={1.7} />}
          renderRoot={(props) => <Link to="/agreement" search={{ workflow: name }} {...props} />}
        >
          Agreement
        </Button>
      ) : null}
      {mayOperate ? (
        <Button
          size="xs"
          leftSection={<IconPlayerPlay size={15} stroke={1.7} />}
          renderRoot={(props) => <Link to="/workflows/$name/start" params={{ name }} {...props} />}
        >
          Start a run
        </Button>
      ) : null}
    </header>
  );
}
