import { Button } from '@mantine/core';
import { IconFilterQuestion } from '@tabler/icons-react';
import { Link, useSearch, type AsyncRouteComponent } from '@tanstack/react-router';
import { EmptyState } from '../feedback/empty-state.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import classes from './list.module.css';

interface AddressedPage {
  readonly title: string;
  /** What the way back is called: `Show all runs`. */
  readonly back: string;
}

/** A page that is shown only while its address is understood. */
export function addressed(Page: AsyncRouteComponent<object>, about: AddressedPage): AsyncRouteComponent<object> {
  function Addressed() {
    const { problem } = useSearch({ strict: false });
    return problem === undefined ? <Page /> : <StrangeAddress {...about} problem={problem} />;
  }
  return Object.assign(Addressed, Page.preload ? { preload: Page.preload } : {});
}

function StrangeAddress({ title, back, problem }: AddressedPage & { readonly problem: string }) {
  useDocumentTitle(title);
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{title}</h1>
      <EmptyState icon={<IconFilterQuestion size={32} stroke={1.4} />} title="The address is not understood">
        What it says of “{problem}” means nothing to this page. Nothing is shown, so that nothing wrong is.
        <br />
        <Button mt="sm" size="xs" variant="default" renderRoot={(props) => <Link to="." search={{}} {...props} />}>
          {back}
        </Button>
      </EmptyState>
    </div>
  );
}
