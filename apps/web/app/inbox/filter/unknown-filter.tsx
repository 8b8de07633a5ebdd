import { Button } from '@mantine/core';
import { IconFilterQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../../feedback/empty-state.js';

/** The address asks for something that is not understood: rather nothing than everything. */
export function UnknownFilter({ problem }: { readonly problem: string }) {
  return (
    <EmptyState icon={<IconFilterQuestion size={32} stroke={1.4} />} title="The filter is not understood">
      The address says something of “{problem}” that is no filter of tasks. Nothing is shown, so that nothing wrong is.
      <br />
      <Button mt="sm" size="xs" variant="default" renderRoot={(props) => <Link to="/inbox" search={{}} {...props} />}>
        Show everything that waits
      </Button>
    </EmptyState>
  );
}
