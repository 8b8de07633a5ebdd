import type { WorkflowDetails } from './workflow.query.js';
import classes from './workflow.module.css';

export function WorkflowHeader({ workflow: { name, title, version } }: { readonly workflow: WorkflowDetails }) {
  return (
    <header className={classes.header}>
      <div>
        <h1 className={classes.title}>{title}</h1>
        <code className={classes.code}>
          {name}@{version}
        </code>
      </div>
    </header>
  );
}
