import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
}

/** Nothing to show, why, and what to do about it. */
export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <Stack align="center" gap={6} px="md" py={48} ta="center" c="dimmed">
      {icon}
      <Text fw={600} c="var(--mantine-color-text)">
        {title}
      </Text>
      {children ? (
        <Text component="div" size="sm" maw={420}>
          {children}
        </Text>
      ) : null}
    </Stack>
  );
}
