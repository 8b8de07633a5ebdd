import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { DrawnNode } from '../graph/graph.fragment.js';
import { kindWord, optionWords } from '../graph/node-words.js';
import classes from './workflow.module.css';

/** What is known of the chosen node. */
export function NodeFacts({ node }: { readonly node: DrawnNode }) {
  const options = optionWords(node);
  return (
    <section className={`panel ${classes.box}`} aria-label="Chosen node">
      <h2 className={classes.heading}>{node.label}</h2>
      <dl className={classes.facts}>
        <Fact name="Kind">{kindWord(node.kind)}</Fact>
        <Fact name="Path">
          <code className={classes.code}>{node.path}</code>
        </Fact>
        {node.handler ? (
          <Fact name="Handler">
            <code className={classes.code}>{node.handler}</code>
          </Fact>
        ) : null}
        {node.event ? (
          <Fact name="Event">
            <code className={classes.code}>{node.event}</code>
          </Fact>
        ) : null}
        {node.workflow ? (
          <Fact name="Starts">
            <WorkflowLink name={node.workflow} />
          </Fact>
        ) : null}
        {options.length > 0 ? <Fact name="Set to">{options.join(', ')}</Fact> : null}
        {node.branches.map(({ segment, label }) => (
          <Fact key={segment} name={`Branch ${segment}`}>
            {label}
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function WorkflowLink({ name }: { readonly name: string }) {
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/workflows/$name" params={{ name }} {...props} />}>
      {name}
    </Anchor>
  );
}
