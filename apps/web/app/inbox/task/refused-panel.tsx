import { Alert } from '@mantine/core';
import { useEffect } from 'react';
import classes from './answer-panel.module.css';

interface RefusedPanelProps {
  readonly message: string;
  readonly onReady: () => void;
}

/** In the place of the form, for somebody who may not decide: why, before anything is typed. */
export function RefusedPanel({ message, onReady }: RefusedPanelProps) {
  useEffect(onReady, [onReady]);
  return (
    <section className={`panel ${classes.panel}`} style={{ paddingBottom: 14 }} aria-label="Your answer">
      <header className={classes.header}>
        <h2 className={classes.title}>Somebody else decides this</h2>
      </header>
      <Alert color="gray" variant="light" p="xs" role="note">
        {message}
      </Alert>
    </section>
  );
}
