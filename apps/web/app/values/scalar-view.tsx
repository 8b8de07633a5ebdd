import { Anchor } from '@mantine/core';
import { formatInstantFully } from '../time/format-instant.js';
import { describeScalar } from './describe-scalar.js';
import classes from './values.module.css';

interface ScalarViewProps {
  readonly value: string | number | boolean | null;
  readonly name?: string | undefined;
}

export function ScalarView({ value, name }: ScalarViewProps) {
  const { text, kind } = describeScalar(value, name);
  switch (kind) {
    case 'link':
      return (
        <Anchor href={text} target="_blank" rel="noopener noreferrer" size="sm" className={classes.breakable}>
          {text}
        </Anchor>
      );
    case 'instant':
      return (
        <time dateTime={String(value)} title={formatInstantFully(String(value))}>
          {text}
        </time>
      );
    default:
      return (
        <span className={classes.scalar} data-kind={kind} data-zero={value === 0 || undefined}>
          {text}
        </span>
      );
  }
}
