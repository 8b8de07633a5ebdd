import type { ReactNode } from 'react';
import classes from './side-box.module.css';

interface SideBoxProps {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}

/** A titled list beside the timeline; left out when it is empty. */
export function SideBox({ title, count, children }: SideBoxProps) {
  if (count === 0) return null;
  return (
    <section className={`panel ${classes.box}`} aria-label={title}>
      <h2 className={classes.title}>{title}</h2>
      <ul className={classes.list}>{children}</ul>
    </section>
  );
}
