import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { IconMapPinOff } from '@tabler/icons-react';
import { EmptyState } from '../feedback/empty-state.js';
import { useDocumentTitle } from './use-document-title.js';

export function NotFound() {
  useDocumentTitle('Not found');
  return (
    <EmptyState icon={<IconMapPinOff size={32} stroke={1.4} />} title="There is no such page">
      <Anchor renderRoot={(props) => <Link to="/inbox" {...props} />}>To the inbox</Anchor>
    </EmptyState>
  );
}
